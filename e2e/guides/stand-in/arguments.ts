/** Short names that the guides use. */
const ALIASES: Record<string, string> = { deploy: 'deployment', svc: 'service' }

/** Kind in lower case and name of `deploy/consumer-v1` or of `httproute provider-retry`. */
export function parseResource(args: readonly string[]): { kind: string; name: string } {
  const [first = '', second = ''] = args
  const [kind = '', name = second] = first.split('/')
  const singular = kind.replace(/s$/, '').split('.')[0] ?? ''
  return { kind: ALIASES[singular] ?? singular, name }
}

/** The value of `--name value` or `--name=value`. */
export function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name)
  if (at >= 0) return args[at + 1]
  return args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1)
}
