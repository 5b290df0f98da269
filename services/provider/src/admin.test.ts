import { afterAll, beforeAll, describe } from 'vitest'
import { adminContract } from '../../../e2e/admin-contract.ts'
import { type InProcessService, startProvider } from '../../../e2e/in-process.ts'

let provider: InProcessService

beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.close())

describe("the provider's admin port", () => {
  adminContract(() => provider)
})
