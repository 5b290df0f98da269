import { adminContract } from '@linkerd-scenario/test-kit/admin-contract'
import { type InProcessService, startProvider } from '@linkerd-scenario/test-kit/in-process'
import { afterAll, beforeAll, describe } from 'vitest'

let provider: InProcessService

beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.close())

describe("the provider's admin port", () => {
  adminContract(() => provider)
})
