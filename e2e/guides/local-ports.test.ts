import { expect, test } from 'vitest'
import { LocalPorts } from './local-ports.ts'

test('a port-forward and a call get the same free port, and the output has the named one again', async () => {
  const ports = new LocalPorts()
  const forward = await ports.translate('kubectl port-forward deploy/consumer-v1 6000:6000 6001:6001')
  const [, first, second] = /^kubectl port-forward deploy\/consumer-v1 (\d+):6000 (\d+):6001$/.exec(forward) ?? []
  expect(first).not.toBe('6000')
  expect(await ports.translate("curl 'localhost:6001/burst?n=10'")).toBe(`curl 'localhost:${second}/burst?n=10'`)
  expect(ports.restore(`Forwarding from 127.0.0.1:${first} -> 6000`)).toBe('Forwarding from 127.0.0.1:6000 -> 6000')
})

test('ports of the cluster stay', async () => {
  const command = "kubectl exec deploy/consumer-v1 -- node -e 'fetch(`http://provider-svc:5000/`)'"
  expect(await new LocalPorts().translate(command)).toBe(command)
})
