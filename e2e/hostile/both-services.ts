import {
  type InProcessOptions,
  type InProcessService,
  startConsumer,
  startProvider,
} from '@linkerd-scenario/test-kit/in-process'

/** One port of a service, as a hostile caller sees it. */
export interface Target {
  port: number
  service: InProcessService
}

/** Starts both services in this process and returns each of their four ports by name. */
export async function bothServices(
  stack: AsyncDisposableStack,
  options: InProcessOptions = {},
): Promise<Record<string, Target>> {
  const provider = stack.use(await startProvider(options))
  const consumer = stack.use(await startConsumer(provider.port, options))
  return {
    provider: { port: provider.port, service: provider },
    'admin port of the provider': { port: provider.adminPort, service: provider },
    consumer: { port: consumer.port, service: consumer },
    'admin port of the consumer': { port: consumer.adminPort, service: consumer },
  }
}

/** The names that `bothServices` gives its ports. */
export const TARGETS = ['provider', 'admin port of the provider', 'consumer', 'admin port of the consumer'] as const
