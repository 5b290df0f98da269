import { commaList, commonSettings, Milliseconds, Port, propagationObjection } from '@linkerd-scenario/service-kit'
import { type Static, Type } from 'typebox'

/** The consumer's environment. */
export const ConsumerSettings = Type.Object({
  CONSUMER_PORT: Port({ default: 6000, description: 'Port of the service; 0 lets the system pick one' }),
  PROVIDER_HOST: Type.String({
    default: 'localhost',
    pattern: '^([A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?|[0-9A-Fa-f:.]+)$',
    description: 'Host name or address of the provider; `provider-svc` in the cluster',
  }),
  PROVIDER_PORT: Type.Integer({ default: 5000, minimum: 1, maximum: 65_535, description: 'Port of the provider' }),
  UPSTREAM_TIMEOUT_MS: Milliseconds({
    default: 10_000,
    minimum: 1,
    description: 'Longest time for a call to the provider, whole answer included',
  }),
  UPSTREAM_CONNECTIONS: Type.Integer({
    default: 64,
    minimum: 1,
    maximum: 1024,
    description: 'Connections to the provider',
  }),
  UPSTREAM_CONNECTION_LIFETIME_MS: Milliseconds({
    default: 300_000,
    description: 'Connections to the provider are replaced this often, and the name is resolved again. 0: never',
  }),
  PROPAGATE_HEADERS: Type.Optional(
    Type.Refine(
      Type.String({ description: 'More request headers to pass on to the provider, comma list' }),
      (text) => commaList(text).every((name) => propagationObjection(name) === undefined),
      (text) =>
        commaList(text)
          .map(propagationObjection)
          .find((objection) => objection !== undefined) ?? 'not a comma list of header names',
    ),
  ),
  LIVE_PAGE_DIR: Type.Optional(
    Type.String({ description: 'Folder of the built live page; `npm start` and the images set it' }),
  ),
  ...commonSettings,
})
export type ConsumerConfig = Readonly<Static<typeof ConsumerSettings>>
