/**
 * What a feature takes in one lane, in seconds, on a warm cluster with one node and two cores. These figures order the
 * features and forecast the time of a run; no verdict depends on them. A feature without one counts as the mean.
 */
const FEATURE_S: Readonly<Record<string, number>> = {
  injection: 6,
  'mtls-identity': 6,
  authorization: 13,
  'per-route-authorization': 17,
  retries: 13,
  timeouts: 18,
  'rate-limiting': 15,
  'golden-metrics': 5,
  egress: 15,
  discovery: 23,
  'circuit-breaking': 17,
  'load-balancing': 10,
  'rate-limit-aware-balancing': 16,
  // Measured at once: each takes what both take.
  rollout: 55,
  'slow-requests': 55,
  'traffic-split': 20,
  'header-routing': 14,
}

const MEAN_S = Object.values(FEATURE_S).reduce((sum, one) => sum + one, 0) / Object.keys(FEATURE_S).length

/** Looking at the cluster, and starting the first pods. */
export const SET_UP_S = 12
/** Starting and ending pods for a feature that needs others than the one before. */
export const OTHER_PODS_S = 6

export function typicalS(feature: string): number {
  return FEATURE_S[feature] ?? MEAN_S
}
