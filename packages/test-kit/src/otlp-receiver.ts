import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { Server, ServerCredentials, type ServiceDefinition, status } from '@grpc/grpc-js'
import { type ReceivedSpan, spansOf } from './otlp-decode.ts'

/** What a receiver does with what it is sent; `slow` takes it after SLOW_MS. */
export type Conduct = 'takes' | 'slow' | 'refuses' | 'hangs'
const SLOW_MS = 2000

/** A collector's receiver for OTLP: HTTP with protobuf, or gRPC. It decodes the exports and keeps the spans. */
export interface OtlpReceiver extends AsyncDisposable {
  readonly spans: ReceivedSpan[]
  /** Headers (HTTP) or metadata (gRPC) of each export. */
  readonly exports: Readonly<Record<string, unknown>>[]
  /** Environment variables with which a service exports to it. */
  readonly env: Readonly<Record<string, string>>
  conduct: Conduct
}

/** Starts a receiver for OTLP over HTTP with protobuf. */
export async function httpReceiver(conduct: Conduct = 'takes'): Promise<OtlpReceiver> {
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver: OtlpReceiver = {
    spans: [],
    exports: [],
    env: {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    conduct,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    receiver.exports.push(request.headers)
    if (receiver.conduct === 'hangs') return
    if (receiver.conduct === 'refuses' || request.url !== '/v1/traces') {
      response.writeHead(400).end()
      return
    }
    if (receiver.conduct === 'slow') await sleep(SLOW_MS)
    const body = Buffer.concat(chunks)
    receiver.spans.push(...spansOf(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body))
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  }

  return receiver
}

const bytes = {
  requestStream: false,
  responseStream: false,
  requestSerialize: (value: Buffer) => value,
  requestDeserialize: (value: Buffer) => value,
  responseSerialize: (value: Buffer) => value,
  responseDeserialize: (value: Buffer) => value,
}
const TRACE_SERVICE: ServiceDefinition = {
  Export: { path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export', ...bytes },
}

/** Starts a receiver for OTLP over gRPC. */
export async function grpcReceiver(conduct: Conduct = 'takes'): Promise<OtlpReceiver> {
  const server = new Server()
  const receiver: Omit<OtlpReceiver, 'env'> = {
    spans: [],
    exports: [],
    conduct,
    async [Symbol.asyncDispose]() {
      server.forceShutdown()
    },
  }
  server.addService(TRACE_SERVICE, {
    async Export(
      call: { request: Buffer; metadata: { getMap(): Record<string, unknown> } },
      done: (error: { code: number } | null, answer?: Buffer) => void,
    ) {
      receiver.exports.push(call.metadata.getMap())
      if (receiver.conduct === 'hangs') return
      if (receiver.conduct === 'refuses') return done({ code: status.PERMISSION_DENIED })
      if (receiver.conduct === 'slow') await sleep(SLOW_MS)
      receiver.spans.push(...spansOf(call.request))
      done(null, Buffer.alloc(0))
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  return Object.assign(receiver, {
    env: {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    },
  })
}
