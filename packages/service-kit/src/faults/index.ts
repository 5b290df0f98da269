export type { FaultPluginOptions } from './fault-plugin.ts'
export { faultPlugin } from './fault-plugin.ts'
export type { FaultStoreOptions } from './fault-store.ts'
export { FaultStore } from './fault-store.ts'
