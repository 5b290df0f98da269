import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'

/** The environment is not valid. `problems` has one sentence per variable. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`)
    this.problems = problems
  }
}

/**
 * Reads the variables that `schema` names from `env`, with their defaults; an empty variable counts as absent.
 * `objection` checks values that are valid alone but not together.
 * Throws a ConfigError that names each wrong variable, its value, and what is allowed.
 */
export function readConfig<Schema extends TObject>(
  schema: Schema,
  env: NodeJS.ProcessEnv,
  objection: (config: Readonly<Record<string, unknown>>) => string | undefined = () => undefined,
): Readonly<Static<Schema>> {
  const config: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, setting] of Object.entries(schema.properties as Record<string, TSchema>)) {
    const text = env[name]
    if (text === undefined || text === '') {
      if ('default' in setting) config[name] = setting.default
      else if (!Type.IsOptional(setting)) problems.push(`${name} is missing: ${expected(setting)}`)
      continue
    }
    const value = convert(setting, text.trim())
    if (Value.Check(setting, value)) config[name] = value
    else problems.push(`${name} is ${JSON.stringify(text)}: ${refinement(setting, value) ?? expected(setting)}`)
  }
  const objected = objection(config)
  if (objected !== undefined) problems.push(objected)
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config) as Readonly<Static<Schema>>
}

// Only decimal numbers are converted: Number() would also accept '', '0x10' and '1e3'.
function convert(setting: TSchema, text: string): unknown {
  return Type.IsInteger(setting) && /^-?\d+$/.test(text) ? Number(text) : text
}

/** The message of a setting's own check. */
function refinement(setting: TSchema, value: unknown): string | undefined {
  return Value.Errors(setting, value).find(({ keyword }) => keyword === '~refine')?.message
}

/** The values that a variable accepts, as text for error messages and the help table. */
export function expected(setting: TSchema): string {
  if (Type.IsInteger(setting)) {
    const { minimum, maximum } = setting as { minimum?: number; maximum?: number }
    return `a whole number from ${minimum} to ${maximum}`
  }
  if ('enum' in setting && Array.isArray(setting.enum)) return `one of ${setting.enum.join(', ')}`
  if ('pattern' in setting && typeof setting.pattern === 'string') return `text that matches ${setting.pattern}`
  return 'text'
}
