import type { Calls } from '../harness/pairs.ts'

const CONNECTIONS = 32

/** `GET /?in=hello`, and what the provider's answer must contain. */
export const getProvider: Calls = {
  method: 'GET',
  path: '/?in=hello',
  connections: CONNECTIONS,
  expect: [`{"message":"I'm version: v1: hello","hops":[{"service":"provider","version":"v1"`, '"status":200,', '}]}'],
}

/** The same call to the consumer: its own hop precedes the provider's. */
export const getConsumer: Calls = {
  ...getProvider,
  expect: [
    `{"message":"I'm version: v1: hello","hops":[{"service":"consumer","version":"v1"`,
    '"status":200,',
    '},{"service":"provider","version":"v1"',
    '"status":200,',
    '}]}',
  ],
}

/** `POST /` with a JSON body whose text has `bytes` characters. */
export function post(calls: Calls, bytes: number): Calls {
  const text = 'abcdefghij'.repeat(Math.ceil(bytes / 10)).slice(0, bytes)
  const [start = '', ...rest] = calls.expect
  return {
    ...calls,
    method: 'POST',
    path: '/',
    body: JSON.stringify({ in: text }),
    expect: [start.replace('hello', text), ...rest],
  }
}
