import { serve } from '@linkerd-scenario/service-kit'
import { buildApp } from './app.ts'
import { type ProviderConfig, ProviderSettings } from './config.ts'

await serve<ProviderConfig>(process, {
  service: 'provider',
  schema: ProviderSettings,
  portVariable: 'PROVIDER_PORT',
  build: buildApp,
})
