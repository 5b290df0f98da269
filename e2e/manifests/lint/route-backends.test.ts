import { routeBackends } from './route-backends.ts'
import { route, testRules } from './test-rules.ts'

const to = (...backends: string[]) =>
  route({ rules: `[{backendRefs: [${backends.map((backend) => `{${backend}}`)}]}]` })

testRules(routeBackends, {
  'backend-exists': { bad: to('name: provider-v3-svc, port: 5000'), good: to('name: provider-v2-svc, port: 5000') },
  'backend-port': { bad: to('name: provider-v2-svc'), good: to('name: provider-v2-svc, port: 5000') },
  'leaf-backend': {
    bad: to('name: provider-svc, port: 5000, weight: 90', 'name: provider-v2-svc, port: 5000, weight: 10'),
    good: to('name: provider-v1-svc, port: 5000, weight: 90', 'name: provider-v2-svc, port: 5000, weight: 10'),
  },
  'some-weight': {
    bad: to('name: provider-v1-svc, port: 5000, weight: 0', 'name: provider-v2-svc, port: 5000, weight: 0'),
    good: to('name: provider-v1-svc, port: 5000', 'name: provider-v2-svc, port: 5000, weight: 0'),
  },
})
