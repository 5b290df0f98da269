import { serve } from '@linkerd-scenario/service-kit'
import { buildApp } from './app.ts'
import { type ConsumerConfig, ConsumerSettings } from './config.ts'

// Not awaited: the bundle is CommonJS, which has no top-level await.
void serve<ConsumerConfig>(process, {
  service: 'consumer',
  schema: ConsumerSettings,
  portVariable: 'CONSUMER_PORT',
  build: buildApp,
})
