import { type KubeObject, nameOf } from '../kube-object.ts'
import { istioValidators } from './istio.ts'
import { kubernetesValidators } from './kubernetes.ts'
import { linkerdValidators } from './linkerd.ts'
import { typeOf, type Validator } from './problem.ts'
import { prometheusOperatorValidators } from './prometheus-operator.ts'

const ownValidators = new Map<string, Validator>(
  Object.entries({
    ...kubernetesValidators,
    ...linkerdValidators,
    ...istioValidators,
    ...prometheusOperatorValidators,
  }),
)

/**
 * Checks every object against the schema of its kind and returns the problems, each with the object's name. A kind
 * without a schema is a problem: otherwise it would count as valid without being checked.
 */
export function validate(objects: KubeObject[], validators: ReadonlyMap<string, Validator> = ownValidators): string[] {
  return objects.flatMap((object) => {
    const validator = validators.get(typeOf(object))
    const problems = validator ? validator(object) : [`no schema for ${typeOf(object)}`]
    return problems.map((problem) => `${nameOf(object)} ${problem}`)
  })
}
