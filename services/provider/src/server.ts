import { serve } from '@linkerd-scenario/service-kit'
import { buildApp } from './app.ts'
import { type ProviderConfig, ProviderSettings } from './config.ts'

// Not awaited: a CommonJS bundle, which starts sooner, has no top-level await.
void serve<ProviderConfig>(process, {
  service: 'provider',
  schema: ProviderSettings,
  portVariable: 'PROVIDER_PORT',
  build: buildApp,
})
