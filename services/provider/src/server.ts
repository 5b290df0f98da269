import { serve } from '@linkerd-scenario/service-kit'
import { buildApp } from './app.ts'
import { type ProviderConfig, ProviderSettings } from './config.ts'

// Not awaited: the bundle is CommonJS, which has no top-level await.
void serve<ProviderConfig>(process, {
  service: 'provider',
  schema: ProviderSettings,
  portVariable: 'PROVIDER_PORT',
  build: buildApp,
})
