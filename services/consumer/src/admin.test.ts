import { adminContract } from '@linkerd-scenario/test-kit/admin-contract'
import { problemOf } from '@linkerd-scenario/test-kit/http-contract'
import { type InProcessService, startConsumer, startProvider } from '@linkerd-scenario/test-kit/in-process'
import { checkedAnswer } from '@linkerd-scenario/test-kit/openapi-check'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let provider: InProcessService
let consumer: InProcessService

beforeAll(async () => {
  provider = await startProvider()
  consumer = await startConsumer(provider.port, { env: { ADMIN_HOSTS: 'Admin.Example, other.example' } })
})
afterAll(async () => {
  await consumer.close()
  await provider.close()
})

describe("the consumer's admin port", () => {
  adminContract(() => consumer)

  test('answers under the names of ADMIN_HOSTS', async () => {
    await request(consumer.adminUrl).get('/livez').set('host', 'admin.example:6001').expect(200)
    await request(consumer.adminUrl).get('/livez').set('host', 'other.example').expect(200)
  })

  test('describes the burst, and its answers match the description', async () => {
    const document = (await request(consumer.adminUrl).get('/openapi.json')).body as object
    for (const query of ['n=3&detail=true', 'n=0']) {
      checkedAnswer(document, '/burst', 'post', await request(consumer.adminUrl).post(`/burst?${query}`))
    }
  })

  test('counts and times its calls to the provider', async () => {
    await request(consumer.url).get('/').expect(200)
    const { text } = await request(consumer.adminUrl).get('/metrics')
    expect(text).toMatch(
      /^http_client_request_duration_seconds_count\{http_request_method="GET",http_response_status_code="200",error_type="",origin=""\} [1-9]/m,
    )
  })

  test('has the burst on this port only', async () => {
    problemOf(await request(consumer.url).post('/burst?n=1'), 404, 'NOT_FOUND')
  })
})
