import protobuf from 'protobufjs'

/** A span as a collector decodes it. */
export interface ReceivedSpan {
  /** The attributes of its resource. */
  resource: Record<string, unknown>
  name: string
  kind: 'server' | 'client' | 'other'
  traceId: string
  spanId: string
  /** Empty for the root of a trace. */
  parentSpanId: string
  traceState: string
  /** Milliseconds since 1970. */
  startMs: number
  endMs: number
  attributes: Record<string, unknown>
  events: { name: string; attributes: Record<string, unknown> }[]
  isError: boolean
}

// The part of OTLP that spans need, with the field numbers of the specification:
// https://opentelemetry.io/docs/specs/otlp/
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1;
    bytes span_id = 2;
    string trace_state = 3;
    bytes parent_span_id = 4;
    string name = 5;
    uint32 kind = 6;
    fixed64 start_time_unix_nano = 7;
    fixed64 end_time_unix_nano = 8;
    repeated KeyValue attributes = 9;
    repeated Event events = 11;
    Status status = 15;
  }
  message Event { string name = 2; repeated KeyValue attributes = 3; }
  message Status { uint32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; }
  }
  message ArrayValue { repeated AnyValue values = 1; }
`)
const requestType = root.lookupType('Request')

interface KeyValue {
  key: string
  value?: Record<string, unknown>
}
interface Wire {
  resourceSpans?: {
    resource?: { attributes?: KeyValue[] }
    scopeSpans?: {
      spans?: {
        traceId: string
        spanId: string
        parentSpanId?: string
        traceState?: string
        name: string
        kind: number
        startTimeUnixNano: string
        endTimeUnixNano: string
        attributes?: KeyValue[]
        events?: { name: string; attributes?: KeyValue[] }[]
        status?: { code?: number }
      }[]
    }[]
  }[]
}

const ERROR = 2
const KINDS: Readonly<Record<number, ReceivedSpan['kind']>> = { 2: 'server', 3: 'client' }

/** The spans of one export. Throws if the bytes are not OTLP. */
export function spansOf(body: Uint8Array): ReceivedSpan[] {
  const wire = requestType.toObject(requestType.decode(body), { longs: String, bytes: String }) as Wire
  return (wire.resourceSpans ?? []).flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ spans = [] }) =>
      spans.map((span) => ({
        resource: recordOf(resource?.attributes),
        name: span.name,
        kind: KINDS[span.kind] ?? 'other',
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentSpanId: hex(span.parentSpanId ?? ''),
        traceState: span.traceState ?? '',
        startMs: Number(span.startTimeUnixNano) / 1e6,
        endMs: Number(span.endTimeUnixNano) / 1e6,
        attributes: recordOf(span.attributes),
        events: (span.events ?? []).map((event) => ({ name: event.name, attributes: recordOf(event.attributes) })),
        isError: span.status?.code === ERROR,
      })),
    ),
  )
}

const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex')

function recordOf(attributes: readonly KeyValue[] = []): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value = {} }) => [
      key,
      'intValue' in value ? Number(value['intValue']) : Object.values(value)[0],
    ]),
  )
}
