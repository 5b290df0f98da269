import { expect, test } from 'vitest'
import { webAddress } from './origin.ts'

test.each([
  ['https://user:secret@git.example/team/project.git', 'https://git.example/team/project'],
  ['git@git.example:team/project.git', 'https://git.example/team/project'],
  ['ssh://git@git.example/team/project', 'https://git.example/team/project'],
  ['/srv/git/project', ''],
  ['', ''],
])('%j is %j in the labels', (remote, address) => {
  expect(webAddress(remote)).toBe(address)
})
