import { DestinationRule, VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1'
import { AuthorizationPolicy, PeerAuthentication } from '@kubernetes-models/istio/security.istio.io/v1'
import { strictModel } from './compiled.ts'
import type { Validator } from './problem.ts'

/** The kinds of Istio that the manifests use, by the CRDs of Istio 1.29; the rules in CEL are not evaluated. */
export const istioValidators: Record<string, Validator> = {
  'security.istio.io/v1 AuthorizationPolicy': strictModel(AuthorizationPolicy),
  'security.istio.io/v1 PeerAuthentication': strictModel(PeerAuthentication),
  'networking.istio.io/v1 DestinationRule': strictModel(DestinationRule),
  'networking.istio.io/v1 VirtualService': strictModel(VirtualService),
}
