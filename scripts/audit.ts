import { execa } from 'execa'
import { weaknessesOf } from './supply/advisories.ts'
import { lockedPackages } from './supply/lockfile.ts'

/**
 * Says what is known against the packages that are shipped, and exits with 1 where there is something. The registry
 * knows best; where it does not answer, what was written down counts alone, and that is said.
 */
const shipped = (await lockedPackages()).filter(({ isProduction }) => isProduction)
const known = weaknessesOf(shipped)
const audit = await execa('npm', ['audit', '--omit=dev', '--json'], { reject: false })
const { metadata, message = 'no report' } = parse(audit.stdout)
const atRegistry = metadata?.vulnerabilities?.total

for (const line of known) console.log(line)
console.log(
  `${shipped.length} packages are shipped, ${known.length} of them with a weakness that is written down here.`,
)
if (atRegistry === undefined) {
  // Behind the dash stands its address.
  console.log(
    `The registry does not answer npm audit (${message.replace(/ - .*/, '')}): this is all that is known here.`,
  )
} else {
  console.log(`The registry knows of ${atRegistry}${atRegistry > 0 ? ': npm audit --omit=dev says which.' : '.'}`)
}
process.exitCode = known.length > 0 || (atRegistry ?? 0) > 0 ? 1 : 0

interface Report {
  message?: string
  metadata?: { vulnerabilities?: { total?: number } }
}

function parse(json: string): Report {
  try {
    return JSON.parse(json) as Report
  } catch {
    return {}
  }
}
