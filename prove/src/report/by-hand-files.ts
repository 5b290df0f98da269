import type { FeatureReport, JsonReport } from './json-report.ts'

/** The files that commands name. */
export function filesIn(commands: readonly string[]): string[] {
  const named = commands.flatMap((command) =>
    [...command.matchAll(/ -f ([\w.-]+\.yaml)$/gm)].map(([, file = '']) => file),
  )
  return [...new Set(named)]
}

/** For each file that features' commands name, the feature that names it first. */
export function firstToName(features: readonly FeatureReport[]): ReadonlyMap<string, FeatureReport> {
  const first = new Map<string, FeatureReport>()
  for (const feature of features) {
    for (const file of filesIn(feature.commands)) if (!first.has(file)) first.set(file, feature)
  }
  return first
}

/** A command for bash that writes a file. */
export function writing(name: string, text: string): string {
  return `cat > ${name} <<'EOF'\n${text}${text.endsWith('\n') ? '' : '\n'}EOF`
}

/** How to repeat a run by hand, before the commands. */
export function aboutByHand({ namespace }: Pick<JsonReport, 'namespace'>): string {
  return `With kubectl, curl and a cluster that has Linkerd and the images: run these commands in bash, in an empty folder with the files that they name; then those of a feature, which go through both of its phases and end its port-forwards. All are in the namespace ${namespace}, whichever lane the run took; for another one, replace the name in them.`
}
