import type { Text } from '@linkerd-scenario/contract/promises'

/** Why calls may not show a change yet. */
export const ROUTE_DELAY: Text = {
  en: 'A change of the mesh takes a second to arrive. Was the step before this one run?',
  es: 'Un cambio en la malla tarda un segundo en llegar. ¿Se ejecutó el paso anterior?',
}
