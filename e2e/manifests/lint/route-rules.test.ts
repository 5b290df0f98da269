import { routeRules } from './route-rules.ts'
import { route, testRules, together } from './test-rules.ts'

const rule = (fields: string) => `[{${fields}, backendRefs: [{name: provider-svc, port: 5000}]}]`
const get = route({ name: 'get', rules: rule('matches: [{method: GET}]') })

testRules(routeRules, {
  'catch-all': {
    bad: get,
    good: together(get, route({ name: 'rest', rules: rule('matches: [{path: {type: PathPrefix, value: /}}]') })),
  },
  'known-filter': {
    bad: route({ rules: '[{backendRefs: [{name: provider-svc, port: 5000, filters: [{type: RequestMirror}]}]}]' }),
    good: route({ rules: rule('filters: [{type: RequestHeaderModifier}]') }),
  },
  'no-backend-timeout': {
    bad: route({ rules: rule('timeouts: {backendRequest: 1s}') }),
    good: route({ rules: rule('timeouts: {request: 1s}') }),
  },
  'simple-timeout': {
    bad: route({ rules: rule('timeouts: {request: 1m30s}') }),
    good: route({ rules: rule('timeouts: {request: 90s}') }),
  },
  'standard-fields': { bad: route({ rules: rule('retry: {attempts: 2}') }), good: route({ rules: rule('name: all') }) },
})
