import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { buildDashboard, rows } from './dashboard.ts'
import { dashboardFile, dashboardText } from './file.ts'

test('the committed dashboard is what the code makes (npm run dashboards writes it)', async () => {
  expect(await readFile(dashboardFile, 'utf8')).toBe(dashboardText())
})

test.each(rows.flatMap(({ panels }) => panels))('“$title” says what it shows and when to worry', ({ description }) => {
  expect(description.split('. ').length).toBeGreaterThan(1)
  expect(description).toMatch(/worry|about 0 is right|must be at 1|above 0/i)
})

test('the panels of a line are next to each other and do not overlap', () => {
  const taken = new Set<string>()
  for (const { gridPos } of buildDashboard().panels ?? []) {
    const { x, y, w, h } = gridPos ?? { x: 0, y: 0, w: 0, h: 0 }
    expect(x + w).toBeLessThanOrEqual(24)
    for (let column = x; column < x + w; column += 1) {
      for (let line = y; line < y + h; line += 1) {
        expect(taken).not.toContain(`${column} ${line}`)
        taken.add(`${column} ${line}`)
      }
    }
  }
})
