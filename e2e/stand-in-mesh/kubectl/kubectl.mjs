#!/usr/bin/env node
// The stand-in kubectl as a program. It sends its arguments to the cluster at STAND_IN_CLUSTER. If the command keeps
// running, it ends STAND_IN_LINGER_MS after a SIGTERM. Plain JavaScript, so that any Node can start it.
import { request } from 'node:http'

const args = process.argv.slice(2)
const chunks = []
if (args.includes('-') && !process.stdin.isTTY) for await (const chunk of process.stdin) chunks.push(chunk)

const body = JSON.stringify({ args, input: chunks.length > 0 ? Buffer.concat(chunks).toString() : undefined })
const call = request(process.env.STAND_IN_CLUSTER, { method: 'POST' }, (response) => {
  if (response.headers['content-type'] === 'text/plain') {
    response.pipe(process.stdout)
    return
  }
  let text = ''
  response.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  response.on('end', () => {
    const { code, stdout, stderr, goesOn } = JSON.parse(text)
    process.stdout.write(stdout)
    process.stderr.write(stderr)
    process.exitCode = code
    if (!goesOn) return
    setInterval(() => {}, 1000)
    const lingerMs = Number(process.env.STAND_IN_LINGER_MS ?? 0)
    process.on('SIGTERM', () => setTimeout(() => process.exit(143), lingerMs))
  })
})
call.on('error', (error) => {
  process.stderr.write(`Unable to connect to the server: ${error.message}\n`)
  process.exitCode = 1
})
call.end(body)
