import { expect, test } from 'vitest'
import { filesIn, writing } from './by-hand-files.ts'

test('the files that commands name, each once', () => {
  expect(
    filesIn([
      'kubectl -n n apply -f base.yaml',
      '# a look\nkubectl -n n delete --ignore-not-found -f it.yaml\nsleep 1',
      'kubectl -n n apply -f base.yaml',
      "curl -sS http://127.0.0.1/ -H 'x: -f no.yaml'",
    ]),
  ).toEqual(['base.yaml', 'it.yaml'])
})

test('a text is written as it is, whatever stands in it', () => {
  expect(writing('a.yaml', 'cost: $HOME\n')).toBe("cat > a.yaml <<'EOF'\ncost: $HOME\nEOF")
  expect(writing('a.yaml', 'no: end')).toBe("cat > a.yaml <<'EOF'\nno: end\nEOF")
})
