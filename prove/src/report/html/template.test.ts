import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html, trusted } from './template.ts'

test('values are escaped, as text and within an attribute; HTML is not escaped twice', () => {
  const cell = html`<td title="${'"onload="x'}">${'<script>'}${undefined}${3}</td>`
  expect(html`<tr>${[cell, trusted('<hr>')]}</tr>`.text).toBe(
    '<tr><td title="&quot;onload=&quot;x">&lt;script&gt;3</td><hr></tr>',
  )
})

test('control characters and bidirectional controls are replaced', () => {
  expect(html`${'a\u0000b\u202ec\nd'}`.text).toBe('a\uFFFDb\uFFFDc\nd')
})

test('no text ends an element or an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(html`${text}`.text).not.toMatch(/[<>"']/)
    }),
  )
})
