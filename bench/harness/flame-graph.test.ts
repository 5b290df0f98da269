import { expect, test } from 'vitest'
import { type CpuProfile, callTree, flameGraph } from './flame-graph.ts'

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber })

const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 3, 4] },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('a', 'file:///x/services/consumer/src/message.ts', 9), children: [5] },
    { id: 4, callFrame: frame('a', 'file:///x/services/consumer/src/message.ts', 9) },
    { id: 5, callFrame: frame('<b>') },
  ],
  samples: [2, 3, 5, 4],
  timeDeltas: [1000, 10, 20, 30],
}

test('the same calls add up, and idle time does not count', () => {
  const tree = callTree(profile)
  expect(tree.us).toBe(60)
  const [a] = tree.children.values()
  expect(a).toMatchObject({ name: 'a consumer/src/message.ts:10', us: 60 })
  expect(a?.children.get('<b>')).toMatchObject({ us: 20 })
})

test('the graph names each frame with its share, and is well-formed', () => {
  const svg = flameGraph(callTree(profile), 'a & b')
  expect(svg).toContain('<title>&lt;b&gt;: 33.3 %</title>')
  expect(svg).toContain('a &amp; b')
  expect(svg.match(/<g>/g)).toHaveLength(3)
})
