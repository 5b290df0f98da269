import { shutdown } from './shutdown.ts'
import { deployment, testRules } from './test-rules.ts'

const draining = (ms: number) =>
  deployment('provider-v1', { container: `env: [{name: DRAIN_DELAY_MS, value: "${ms}"}]` })
const preStop = (hook: string) => deployment('provider-v1', { container: `lifecycle: {preStop: ${hook}}` })

testRules(shutdown, {
  'no-shell-to-sleep': {
    bad: preStop('{exec: {command: [sh, -c, sleep 5]}}'),
    good: preStop('{sleep: {seconds: 5}}'),
  },
  // 18 s of drain, 10 s for requests in flight and 2 s of reserve are exactly the 30 s that a pod has by default.
  'drain-fits': { bad: draining(18_001), good: draining(18_000) },
})
