import { serve } from '@linkerd-scenario/service-kit'
import { buildApp } from './app.ts'
import { type ConsumerConfig, ConsumerSettings } from './config.ts'

await serve<ConsumerConfig>(process, {
  service: 'consumer',
  schema: ConsumerSettings,
  portVariable: 'CONSUMER_PORT',
  build: buildApp,
})
