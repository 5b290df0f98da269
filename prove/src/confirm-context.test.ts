import { expect, test } from 'vitest'
import { confirmContext } from './confirm-context.ts'

/** What was asked, and how it ended. */
async function ask(context: string, yes: boolean, answer?: boolean) {
  const asked: string[] = []
  const confirm = async (question: string) => {
    asked.push(question)
    return answer === true
  }
  const done = confirmContext(context, 'Really?', {
    options: { yes },
    confirm: answer === undefined ? undefined : confirm,
  })
  const end = await done.then(
    () => 'goes on',
    (error: Error) => error.message,
  )
  return [end, ...asked]
}

test('a context that looks like production asks, unless it was said before; without a terminal there is no answer', async () => {
  expect(await ask('kind', false, false)).toEqual(['goes on'])
  expect(await ask('acme-prod', true, false)).toEqual(['goes on'])
  expect(await ask('acme-prod', false, true)).toEqual([
    'goes on',
    'The context acme-prod looks like production. Really?',
  ])
  expect((await ask('acme-prod', false, false))[0]).toContain('say --yes')
  expect(await ask('acme-prod', false)).toEqual([expect.stringContaining('say --yes')])
})
