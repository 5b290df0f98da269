/** A profile as `node --cpu-prof` writes it: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[]
  samples: number[]
  timeDeltas: number[]
}

interface Frame {
  name: string
  us: number
  children: Map<string, Frame>
}

const WIDTH = 1400
const ROW = 16
/** Narrower frames carry no text and are left out with all that they called. */
const NARROWEST = 4
const IDLE = new Set(['(idle)', '(program)'])

/** Adds up the samples of a profile to one tree of calls. Idle time stays out of it. */
export function callTree({ nodes, samples, timeDeltas }: CpuProfile): Frame {
  const self = new Map<number, number>()
  for (const [index, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + (timeDeltas[index] ?? 0))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const root: Frame = { name: 'all', us: 0, children: new Map() }
  const first = nodes[0]
  for (const id of first?.children ?? []) add(id, root)
  root.us = [...root.children.values()].reduce((sum, { us }) => sum + us, 0)
  return root

  function add(id: number, parent: Frame): number {
    const node = byId.get(id)
    if (node === undefined || IDLE.has(node.callFrame.functionName)) return 0
    const name = label(node.callFrame)
    const frame = parent.children.get(name) ?? { name, us: 0, children: new Map() }
    parent.children.set(name, frame)
    const us = (node.children ?? []).reduce((sum, child) => sum + add(child, frame), self.get(id) ?? 0)
    frame.us += us
    return us
  }
}

function label({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const place = /(?:node_modules\/|linkerd-scenario\/|\/)((?:@[^/]+\/)?[^/]+\/(?:[^/]+\/)*[^/]+)$/.exec(url)?.[1] ?? url
  const short = place.split('/').slice(-3).join('/')
  return `${functionName || '(anonymous)'}${short === '' ? '' : ` ${short}:${lineNumber + 1}`}`
}

/** A call tree as an SVG flame graph: width is CPU time, the callee stands above its caller. */
export function flameGraph(root: Frame, title: string): string {
  const boxes: string[] = []
  let deepest = 0
  draw(root, 0, 0)
  const height = (deepest + 3) * ROW
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="11">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/><text x="4" y="12">${escaped(title)}</text>`,
    `<g transform="translate(0 ${height - ROW})">`,
    ...boxes,
    '</g></svg>\n',
  ].join('\n')

  function draw(frame: Frame, x: number, depth: number): void {
    const width = (frame.us / root.us) * WIDTH
    if (width < NARROWEST) return
    deepest = Math.max(deepest, depth)
    boxes.push(box(frame, x, depth, width))
    let at = x
    for (const child of [...frame.children.values()].toSorted((a, b) => a.name.localeCompare(b.name))) {
      draw(child, at, depth + 1)
      at += (child.us / root.us) * WIDTH
    }
  }

  function box({ name, us }: Frame, x: number, depth: number, width: number): string {
    const y = -depth * ROW
    const share = ((us / root.us) * 100).toFixed(1)
    const text =
      width > 30
        ? `<text x="${(x + 2).toFixed(1)}" y="${y + 12}">${escaped(name.slice(0, Math.floor(width / 6.7)))}</text>`
        : ''
    const rect = `<rect x="${x.toFixed(1)}" y="${y}" width="${(width - 0.5).toFixed(1)}" height="${ROW - 1}" fill="${colour(name)}"/>`
    return `<g><title>${escaped(name)}: ${share} %</title>${rect}${text}</g>`
  }
}

// Whose code it is: our own, a package's, Node's, the engine's.
function colour(name: string): string {
  if (/(services|service-kit|contract|dist)\//.test(name) || /src\//.test(name)) return '#f4a259'
  if (/node:|internal/.test(name)) return '#9ec5e8'
  return name.includes('.') ? '#b7dfa5' : '#ddd'
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
