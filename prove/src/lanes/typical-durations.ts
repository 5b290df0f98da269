/**
 * What a feature takes in one lane, in seconds, on a warm cluster with one node and two cores. These figures order the
 * features and forecast the time of a run; no verdict depends on them. A feature without one counts as the mean.
 */
const FEATURE_S: Readonly<Record<string, number>> = {
  injection: 11,
  'mtls-identity': 9,
  authorization: 14,
  'per-route-authorization': 14,
  retries: 14,
  timeouts: 17,
  'rate-limiting': 13,
  'golden-metrics': 4,
  egress: 17,
  discovery: 28,
  'circuit-breaking': 15,
  'load-balancing': 12,
  'rate-limit-aware-balancing': 14,
  rollout: 84,
  'slow-requests': 84,
  'traffic-split': 22,
  'header-routing': 15,
}

const MEAN_S = Object.values(FEATURE_S).reduce((sum, one) => sum + one, 0) / Object.keys(FEATURE_S).length

/** Looking at the cluster, and starting the first pods. */
export const SET_UP_S = 15
/** Starting and ending pods for a feature that needs others than the one before. */
export const OTHER_PODS_S = 6

export function typicalS(feature: string): number {
  return FEATURE_S[feature] ?? MEAN_S
}
