import { nameOf } from '../kube-object.ts'
import { probedPorts, serverParents } from './manifest-set.ts'
import { faults, rule } from './rule.ts'

/** Routes on Servers, which let policies distinguish paths. */
export const serverRoutes = [
  rule('bare-server-parent', 'With a port, a section or another namespace Linkerd ignores the route.', (set) =>
    faults(set.routes, (route) => {
      const near = ({ namespace = route.metadata.namespace }) => namespace === route.metadata.namespace
      const wrong = serverParents(route).find((parent) => parent.port ?? parent.sectionName ?? !near(parent))
      return wrong && `parent ${wrong.name} has a port, a section or another namespace`
    }),
  ),
  rule('probes-beside-routes', "A Server with routes no longer lets the kubelet's probes in by itself.", (set) =>
    faults(set.routes, (route) => {
      const parents = serverParents(route).map(({ name }) => name)
      const guarded = set.servers
        .filter(({ metadata }) => parents.includes(metadata.name))
        .flatMap((s) => set.guarded(s))
      const probed = guarded.find(({ workload, port }) => probedPorts(workload).includes(port))
      return probed && `${nameOf(probed.workload)} is probed on port ${probed.port}`
    }),
  ),
]
