// A minimal server with the consumer's answers: node:http, an undici Pool, the provider's body passed through.
import { createServer, type ServerResponse } from 'node:http'
import { type Dispatcher, Pool } from 'undici'
import { bodyOf, headOf, hopOf } from './text.ts'

const HEAD = headOf('consumer')
const HOPS = '"hops":['
const HOP = `${hopOf('consumer')},`
const headers = { accept: 'application/json', 'x-request-id': HEAD['x-request-id'] }
const postHeaders = { ...headers, 'content-type': 'application/json' }
const pool = new Pool(`http://localhost:${process.env['PROVIDER_PORT']}`, { connections: 64 })

createServer((request, response) => {
  const path = request.url ?? '/'
  if (request.method === 'GET') pool.dispatch({ method: 'GET', path, headers }, relayTo(response))
  else
    bodyOf(request, (body) => {
      pool.dispatch({ method: 'POST', path, headers: postHeaders, body }, relayTo(response))
    })
}).listen(Number(process.env['CONSUMER_PORT']))

function relayTo(response: ServerResponse): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = []
  return {
    onRequestStart() {},
    onResponseStart() {},
    onResponseData(_controller, chunk) {
      chunks.push(chunk)
    },
    onResponseEnd() {
      const answer = Buffer.concat(chunks).toString()
      const hops = answer.lastIndexOf(HOPS) + HOPS.length
      const body = answer.slice(0, hops) + HOP + answer.slice(hops)
      response.writeHead(200, { ...HEAD, 'content-length': Buffer.byteLength(body) })
      response.end(body)
    },
    onResponseError() {
      response.destroy()
    },
  }
}
