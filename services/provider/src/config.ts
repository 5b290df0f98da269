import { commonSettings, Port } from '@linkerd-scenario/service-kit'
import { type Static, Type } from 'typebox'

/** The provider's environment. */
export const ProviderSettings = Type.Object({
  PROVIDER_PORT: Port({ default: 5000, description: 'Port of the service; 0 lets the system pick one' }),
  ...commonSettings,
})
export type ProviderConfig = Readonly<Static<typeof ProviderSettings>>
