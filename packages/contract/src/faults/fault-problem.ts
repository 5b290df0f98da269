import { type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { type FaultKind, FaultSchema } from './fault.ts'

/** What is wrong with a fault, and where: at its kind, at a parameter's name, or at a parameter's value. */
export interface FaultProblem {
  at: 'kind' | 'name' | 'value'
  parameter: string
  message: string
}

const variants = FaultSchema.anyOf.map(({ properties: { kind, ...parameters } }) => ({
  kind: kind.const,
  parameters: new Map<string, TSchema>(Object.entries(parameters)),
}))

const kinds = [...new Set(variants.map(({ kind }) => kind))]

/** Names of the parameters of a kind, each once, in the order in which the text form writes them. */
export function parametersOf(kind: FaultKind): string[] {
  return [...new Set(variants.filter((variant) => variant.kind === kind).flatMap((v) => [...v.parameters.keys()]))]
}

/** What a kind with several forms takes. A kind with one form needs what its schema does not call optional. */
const FORMS: Partial<Record<FaultKind, string>> = { delay: 'ms, or ms and max, or p50, p95 and p99' }

const ascending = [
  ['ms', 'max'],
  ['p50', 'p95'],
  ['p95', 'p99'],
] as const

/** The first problem of a value, with kind and parameters as properties; undefined if it is a valid fault. */
export function faultProblem(fault: Record<string, unknown>): FaultProblem | undefined {
  const kind = kinds.find((name) => name === fault['kind'])
  if (kind === undefined) {
    const message = `${quote(fault['kind'])} is not a kind of fault: the kinds are ${kinds.join(', ')}`
    return { at: 'kind', parameter: 'kind', message }
  }
  const given = Object.entries(fault).filter(([name]) => name !== 'kind')
  const allowed = parametersOf(kind)
  for (const [parameter, value] of given) {
    if (!allowed.includes(parameter)) {
      return { at: 'name', parameter, message: `${kind} has no ${quote(parameter)}: it takes ${allowed.join(', ')}` }
    }
    const problem = valueProblem(kind, parameter, value)
    if (problem) return { at: 'value', parameter, message: problem }
  }
  return (
    shapeProblem(
      kind,
      given.map(([name]) => name),
    ) ?? orderProblem(fault)
  )
}

function valueProblem(kind: FaultKind, parameter: string, value: unknown): string | undefined {
  const schema = variants.find((v) => v.kind === kind && v.parameters.has(parameter))?.parameters.get(parameter)
  if (schema === undefined || !Value.Check(schema, value)) {
    return `${parameter} is ${quote(value)}: it takes ${schema === undefined ? 'nothing' : expected(parameter, schema)}`
  }
  // RFC 9651 §3.3.2: the text form allows no more.
  if (typeof value === 'number' && Math.round(value * 1000) / 1000 !== value) {
    return `${parameter} is ${value}: it takes at most three digits after the point`
  }
  return undefined
}

/** The parameters must match one form of the kind: all that it needs, and none of another form. */
function shapeProblem(kind: FaultKind, given: readonly string[]): FaultProblem | undefined {
  const forms = variants.filter((variant) => variant.kind === kind)
  const form = forms.find(({ parameters }) => given.every((name) => parameters.has(name)))
  if (form === undefined) {
    const parameter = given.find((name) => forms[0]?.parameters.has(name) === false) ?? ''
    return { at: 'name', parameter, message: `${kind} takes ${FORMS[kind]}, not a mixture` }
  }
  const missing = [...form.parameters].find(([name, schema]) => !Type.IsOptional(schema) && !given.includes(name))
  return missing && { at: 'kind', parameter: missing[0], message: `${kind} needs ${FORMS[kind] ?? missing[0]}` }
}

function orderProblem(fault: Record<string, unknown>): FaultProblem | undefined {
  for (const [low, high] of ascending) {
    if (Number(fault[high]) < Number(fault[low])) {
      return {
        at: 'value',
        parameter: high,
        message: `${high} is ${fault[high]}: it is not below ${low}, ${fault[low]}`,
      }
    }
  }
  return undefined
}

function expected(parameter: string, schema: TSchema): string {
  const { minimum = 0, maximum, examples = [] } = schema as { minimum?: number; maximum?: number; examples?: string[] }
  if (Type.IsInteger(schema)) return `a whole number from ${minimum} to ${maximum}`
  if (Type.IsNumber(schema)) return `a number from ${minimum} to ${maximum}`
  return `a text as in ${examples.map((example) => `${parameter}=${example}`).join(' or ')}`
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
