/** A kubectl command, by its parts. */
export interface ParsedCommand {
  /** Without `--context NAME`. */
  args: readonly string[]
  namespace: string
  /** The value of an option; undefined without it. */
  flag: (name: string) => string | undefined
  /** `web` of `named('pod')`, if the command names `pod/web`. */
  named: (kind: string) => string | undefined
}

export function parseCommand(argv: readonly string[]): ParsedCommand {
  const args = argv[0] === '--context' ? argv.slice(2) : argv
  const flag = (name: string) => {
    const at = args.indexOf(name)
    return at < 0 ? undefined : args[at + 1]
  }
  const named = (kind: string) => args.find((arg) => arg.startsWith(`${kind}/`))?.slice(kind.length + 1)
  return { args, namespace: flag('-n') ?? 'default', flag, named }
}
