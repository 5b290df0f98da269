import { expect, test } from 'vitest'
import { byHandReport } from './set-up.ts'

const files = { 'base.yaml': 'kind: Service' }

test('a namespace of the run is made and removed; one that was given keeps what others have in it', () => {
  expect(byHandReport('prove-1', true, files)).toMatchObject({
    setUp: [
      'kubectl create namespace prove-1',
      'kubectl -n prove-1 apply -f base.yaml',
      'kubectl -n prove-1 wait --for=condition=Available deployment --all --timeout=180s',
    ],
    end: ['kubectl delete namespace prove-1'],
    files,
  })
  const given = byHandReport('team', false, files)
  expect(JSON.stringify(given)).not.toContain('namespace')
  expect(given?.end).toEqual(['kubectl -n team delete --ignore-not-found -f base.yaml'])
})

test('a run that has started nothing has nothing to repeat', () => {
  expect(byHandReport('prove-1', true, {})).toBeUndefined()
})
