import type { Text } from '@linkerd-scenario/contract/promises'
import type { Kind } from '../model/kind.ts'
import { M } from '../text/messages.ts'

export const KIND_NAMES: Record<Kind, Text> = {
  v1: M.kindV1,
  v2: M.kindV2,
  other: M.kindOther,
  provider: M.kindProvider,
  mesh: M.kindMesh,
  network: M.kindNetwork,
  consumer: M.kindConsumer,
}
