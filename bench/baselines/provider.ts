// A minimal server with the provider's answers: node:http, no framework, no log, no metrics, no checks.
import { createServer, type ServerResponse } from 'node:http'
import { bodyOf, headOf, hopOf } from './text.ts'

const HEAD = headOf('provider')
const START = `{"message":"I'm version: v1: `
const END = `","hops":[${hopOf('provider')}]}`

createServer((request, response) => {
  if (request.method === 'GET') answer(response, request.url?.slice('/?in='.length) ?? '')
  else bodyOf(request, (body) => answer(response, body.slice('{"in":"'.length, -2)))
}).listen(Number(process.env['PROVIDER_PORT']))

function answer(response: ServerResponse, text: string): void {
  const body = START + text + END
  response.writeHead(200, { ...HEAD, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
