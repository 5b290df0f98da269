import { phaseLines } from '../prove/src/report/phase-lines.ts'
import { toTerminal } from '../prove/src/report/terminal.ts'
import { proveInBed } from './test-bed/prove-in-bed.ts'

const behaviour = JSON.parse(process.env['B'] ?? '{}')
const report = await proveInBed({
  argv: [...process.argv.slice(2)],
  onLine: (line) => console.error(new Date().toISOString().slice(14, 21), line),
  behaviour,
})
console.log(toTerminal(report, { colours: false, columns: 160 }))
if (process.env['V'])
  for (const r of report.results) console.log([r.feature, ...phaseLines(r.on), ...phaseLines(r.control)].join('\n'))
process.exitCode = report.exitCode
