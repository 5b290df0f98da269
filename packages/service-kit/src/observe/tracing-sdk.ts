import { setTimeout as sleep } from 'node:timers/promises'
import { type Context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api'
import { TraceState } from '@opentelemetry/core'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions'
import type { Logger } from 'pino'
import type { Identity } from '../identity.ts'
import { spanProcessor } from './span-processor.ts'
import { beginClientSpan, beginServerSpan } from './spans.ts'
import { type TraceContext, traceContextOf } from './trace-context.ts'
import type { Tracing } from './tracing.ts'
import { type TracingSettings, tracingSettings } from './tracing-settings.ts'

const ATTR_POD_NAME = 'k8s.pod.name'

/** Makes and exports spans by OpenTelemetry's SDK, as the environment says. */
export async function createTracing(env: NodeJS.ProcessEnv, identity: Identity, logger: Logger): Promise<Tracing> {
  const settings = tracingSettings(env, logger)
  const provider = new TracerProvider({
    resource: resourceOf(identity),
    sampler: samplerOf(settings),
    spanProcessors: [await spanProcessor(settings, logger)],
  })
  const tracer = provider.getTracer('linkerd-scenario', identity.version)
  // The caller has decided against the trace: its context goes on as it came, and no span is made.
  const isUnwanted = (parent: TraceContext | undefined) => settings.isParentBased && parent?.isSampled === false
  return {
    beginRequest(start) {
      const parent = traceContextOf(start.headers)
      return isUnwanted(parent) ? undefined : beginServerSpan(tracer, start, contextFor(parent))
    },
    tracerOf(headers) {
      const parent = traceContextOf(headers)
      if (isUnwanted(parent)) return undefined
      const context = contextFor(parent)
      return { beginCall: (start) => beginClientSpan(tracer, start, context) }
    },
    async shutdown(withinMs) {
      const exported = provider.shutdown().catch(() => {
        // The exporter has logged why.
      })
      await Promise.race([exported, sleep(withinMs, undefined, { ref: false })])
    },
  }
}

function resourceOf({ service, version, pod }: Identity) {
  const own = resourceFromAttributes({
    [ATTR_SERVICE_NAME]: service,
    [ATTR_SERVICE_VERSION]: version,
    [ATTR_POD_NAME]: pod,
  })
  return defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }))
}

function samplerOf({ isParentBased, ratio }: TracingSettings): Sampler {
  const root = ratio === 1 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(ratio)
  return isParentBased ? new ParentBasedSampler({ root }) : root
}

/** What a span belongs to whose parent is in another process, or that has none. */
function contextFor(parent: TraceContext | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT
  const { traceId, spanId, isSampled, traceState } = parent
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(traceState === undefined ? {} : { traceState: new TraceState(traceState) }),
  })
}
