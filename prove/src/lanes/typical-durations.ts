/**
 * What a feature takes in one lane, in seconds, on a warm cluster with one node and two cores. These figures order the
 * features and forecast the time of a run; no verdict depends on them. A feature without one counts as the mean.
 */
const FEATURE_S: Readonly<Record<string, number>> = {
  injection: 3,
  'mtls-identity': 9,
  authorization: 5,
  'per-route-authorization': 9,
  retries: 7,
  timeouts: 13,
  'rate-limiting': 13,
  'golden-metrics': 4,
  egress: 8,
  discovery: 23,
  'circuit-breaking': 18,
  'load-balancing': 8,
  'rate-limit-aware-balancing': 10,
  // Measured at once: each takes what both take.
  rollout: 56,
  'slow-requests': 56,
  'traffic-split': 13,
  'header-routing': 6,
}

const MEAN_S = Object.values(FEATURE_S).reduce((sum, one) => sum + one, 0) / Object.keys(FEATURE_S).length

/** Looking at the cluster, and starting the first pods. */
export const SET_UP_S = 9
/** Starting and ending pods for a feature that needs others than the one before. */
export const OTHER_PODS_S = 6

export function typicalS(feature: string): number {
  return FEATURE_S[feature] ?? MEAN_S
}
