import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'

export interface Options {
  features: string[]
  context: string | undefined
  namespace: string | undefined
  /** An existing namespace to prove in. */
  inNamespace: string | undefined
  registry: string | undefined
  tag: string
  /** Namespaces in which features are proved at the same time; undefined: as many as the cluster has room for. */
  lanes: number | undefined
  keep: boolean
  /** Wait for the removal at the end of the run. */
  wait: boolean
  clean: boolean
  quiet: boolean
  list: boolean
  dryRun: boolean
  printRbac: boolean
  yes: boolean
  verbose: boolean
  json: string | undefined
  junit: string | undefined
  markdown: string | undefined
  html: string | undefined
  /** A summary of at most 4096 bytes. */
  summary: string | undefined
  /** Metrics for Prometheus' node exporter. */
  textfile: string | undefined
  /** Where the report is kept in the cluster. */
  configMap: { namespace: string; name: string } | undefined
  /** A report of an earlier run, to compare with. */
  compare: string | undefined
  /** A report to write in other forms, instead of a run. */
  from: string | undefined
  out: string
  seed: number
  timeoutS: number | undefined
  require: string[]
}

/** The parsed command line: a run, or a text to print with its exit code. */
export type Asked = { options: Options } | { text: string; exitCode: 0 | 2 }

const EXAMPLES = `
Examples:
  npm run prove                                  prove all features on the current context
  npm run prove -- retries timeouts              these two alone
  npm run prove -- --list                        the features and what they need
  npm run prove -- --dry-run                     commands and manifests, without a cluster
  npm run prove -- --json new.json --html new.html --compare old.json
                                                 what changed since an earlier run
  npm run prove -- --from new.json --html new.html
                                                 the page of a run that is over
  npm run prove -- --registry ghcr.io/me --tag 1.0 --junit prove.xml --yes

Exit codes: 0 all proved, 1 something is not, 2 could not judge, 130 interrupted.
A skipped feature is no failure, unless --require names it.`

const MOST_LANES = 10
/** Characters of a namespace's name. */
const LONGEST = 63
/** Of the first lane's: the others carry its name and a number. */
const LONGEST_FIRST = LONGEST - `-${MOST_LANES}`.length

/** As the name of a required feature: every feature that is proved. */
const ALL = 'all'

/** Reads the arguments. Features are checked against `known`. */
export function readOptions(argv: readonly string[], known: readonly string[]): Asked {
  let text = ''
  const write = (part: string) => {
    text += part
  }
  const command = commandOf(known).configureOutput({ writeOut: write, writeErr: write })
  try {
    command.parse([...argv], { from: 'user' })
    return { options: optionsOf(command, known) }
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { text, exitCode: error.exitCode === 0 ? 0 : 2 }
  }
}

function commandOf(known: readonly string[]): Command {
  const command = new Command('prove')
    .description('Shows, with traffic, that each thing the mesh promises really happens in your cluster.')
    .argument('[features...]', 'features to prove; all without', collect(known))
  for (const add of [addPlace, addRunning, addOutput, addReports]) add(command)
  return command
    .option(
      '--require <feature>',
      'a skip of this feature, or of any with "all", is a failure; may be repeated',
      collect([...known, ALL]),
    )
    .addHelpText('after', EXAMPLES)
    .exitOverride()
}

/** Where to prove. */
function addPlace(command: Command): void {
  command
    .option('--context <name>', 'kubectl context; its name is always shown')
    .option(
      '--namespace <name>',
      'namespace to make, use and remove; a random one without',
      namespaceName(LONGEST_FIRST),
    )
    .addOption(
      new Option('--in-namespace <name>', 'use this namespace, and leave it as it was: creates and removes none')
        .argParser(namespaceName(LONGEST))
        .conflicts(['namespace', 'lanes']),
    )
    .option('--lanes <n>', 'namespaces to prove in at the same time; without it, what the cluster has room for', lanes)
    .option('--registry <prefix>', 'where the images come from, e.g. ghcr.io/me')
    .option('--tag <tag>', 'tag of the images', '1.0')
}

/** What to do, and how. */
function addRunning(command: Command): void {
  command
    .option('--keep', 'leave the namespaces, and say how to remove them')
    .option('--wait', 'end when the namespaces are gone; without it, when the cluster has accepted their removal')
    .option(
      '--clean',
      'remove the namespaces that killed runs have left, with --in-namespace their objects there; also those of runs that go on',
    )
    .option('--yes', 'run, or clean up, on a context that looks like production')
    .addOption(
      new Option(
        '--seed <n>',
        'chooses the pods that are made slow or sick; printed, so that a run can be repeated',
      ).argParser(whole),
    )
    .addOption(new Option('--timeout <seconds>', 'longest wait for pods and for the mesh').argParser(positive))
}

/** What to print, and what to print instead of a run. */
function addOutput(command: Command): void {
  command
    .option('--quiet', 'print the verdicts alone')
    .option('--verbose', 'print each command as it is run')
    .option('--list', 'list the features and what they need')
    .option('--print-rbac', 'print the Role and ClusterRole that the run needs')
    .option('--dry-run', 'print commands and manifests, and touch nothing')
}

/** What to write. */
function addReports(command: Command): void {
  command
    .option('--json <file>', 'write the report as JSON; - for standard output, and nothing else there')
    .option('--junit <file>', 'write the report as JUnit XML')
    .option('--markdown <file>', 'write the report as Markdown')
    .option('--html <file>', 'write the report as one page to read, print and send')
    .option('--summary <file>', 'write the summary in at most 4 kB, e.g. to /dev/termination-log')
    .option('--textfile <file>', 'write metrics for the textfile collector of the node exporter')
    .option('--config-map <namespace/name>', 'keep the report in this ConfigMap', configMapName)
    .option('--compare <file>', 'say what changed since the run whose JSON report this is')
    .option('--from <file>', 'run nothing: read this JSON report, and write it in other forms')
    .option('--out <folder>', 'folder for manifests, and logs of what was not proved', 'prove-report')
}

function optionsOf(command: Command, known: readonly string[]): Options {
  const features = (command.processedArgs[0] as string[] | undefined) ?? []
  const given = command.opts<Partial<Options> & Pick<Options, 'tag' | 'out'> & { timeout?: number }>()
  return {
    ...given,
    keep: given.keep ?? false,
    wait: given.wait ?? false,
    clean: given.clean ?? false,
    quiet: given.quiet ?? false,
    list: given.list ?? false,
    dryRun: given.dryRun ?? false,
    printRbac: given.printRbac ?? false,
    yes: given.yes ?? false,
    verbose: given.verbose ?? false,
    require: required(given.require ?? [], features.length > 0 ? features : known, command),
    context: given.context,
    namespace: given.namespace,
    inNamespace: given.inNamespace,
    lanes: given.lanes,
    registry: given.registry,
    json: given.json,
    junit: given.junit,
    markdown: given.markdown,
    html: given.html,
    summary: given.summary,
    textfile: given.textfile,
    configMap: given.configMap,
    compare: given.compare,
    from: given.from,
    features,
    seed: given.seed ?? Math.floor(Math.random() * 2 ** 32),
    timeoutS: given.timeout,
  }
}

/** Features of which a skip is a failure. One that is not proved would be required in vain. */
function required(names: readonly string[], proved: readonly string[], command: Command): string[] {
  if (names.includes(ALL)) return [...proved]
  const inVain = names.find((name) => !proved.includes(name))
  if (inVain !== undefined)
    command.error(`error: --require ${inVain} needs it to be proved: name it among the features as well.`)
  return [...names]
}

function collect(known: readonly string[]): (name: string, all?: string[]) => string[] {
  return (name, all = []) => {
    if (known.includes(name)) return [...all, name]
    throw new InvalidArgumentError(`There is no feature ${name}; there are ${known.join(', ')}.`)
  }
}

function lanes(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= MOST_LANES) return count
  throw new InvalidArgumentError(`A whole number from 1 to ${MOST_LANES} is needed.`)
}

/** RFC 1123, as Kubernetes requires. */
function namespaceName(longest: number): (name: string) => string {
  return (name) => {
    if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= longest) return name
    const why = longest === LONGEST ? '' : `: further lanes add -2 to -${MOST_LANES}`
    throw new InvalidArgumentError(`A name of lower-case letters, digits and - is needed, of at most ${longest}${why}.`)
  }
}

function configMapName(text: string): { namespace: string; name: string } {
  const [namespace = '', name = '', ...rest] = text.split('/')
  if (rest.length > 0 || name === '') throw new InvalidArgumentError('Write NAMESPACE/NAME.')
  // RFC 1123 again: a ConfigMap has the name of a subdomain, a namespace that of a label.
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name) || name.length > 253)
    throw new InvalidArgumentError('A name of lower-case letters, digits, - and . is needed, of at most 253.')
  return { namespace: namespaceName(LONGEST)(namespace), name }
}

function whole(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('A whole number is needed.')
  return Number(text)
}

function positive(text: string): number {
  const seconds = Number(text)
  if (!(seconds > 0 && seconds <= 3600)) throw new InvalidArgumentError('A number of seconds up to 3600 is needed.')
  return seconds
}
