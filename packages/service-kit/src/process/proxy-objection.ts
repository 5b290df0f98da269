import type { CommonConfig } from '../config/settings.ts'
import { MeshProbe } from '../observe/mesh-probe.ts'

/**
 * Why a service must not start with its TRUSTED_PROXY: it trusts Envoy, and the proxy in its pod is Linkerd's, which lets
 * every caller write Envoy's header. Undefined without an objection. Asks the proxy only where Envoy is trusted.
 */
export async function proxyObjection(
  { TRUSTED_PROXY }: Pick<CommonConfig, 'TRUSTED_PROXY'>,
  proxyAdminPort?: number,
): Promise<string | undefined> {
  if (TRUSTED_PROXY !== 'envoy') return undefined
  const { meshed } = await new MeshProbe(proxyAdminPort).read()
  return meshed
    ? 'TRUSTED_PROXY is "envoy", but a Linkerd proxy runs in this pod: callers could claim any identity. Unset it'
    : undefined
}
