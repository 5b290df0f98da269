import { fileURLToPath } from 'node:url'
import { PROXY_PORTS, portsOf } from './ports.ts'
import { type Arrow, arrow, type Box, box, PORT_WIDTH, type Port, port, svg, text } from './svg.ts'

/** Where the picture is committed. */
export const pictureFile = fileURLToPath(new URL('../../docs/pictures/architecture.svg', import.meta.url))

// Two pods of the same shape, side by side. Between them is room for the wire, and for what the prover reads.
const POD = { y: 96, width: 300, height: 300 }
const CONSUMER_X = 250
const PROVIDER_X = 680
const PROXY = { y: 132, height: 100 }
const SERVICE = { y: 290, height: 92 }

/** The picture of the architecture as SVG: who runs where, on which ports, and who talks to whom. */
export function architecturePicture(): string {
  return svg(
    {
      width: 1000,
      height: 590,
      title: 'The two services, their proxies, and who talks to whom',
      description: `${DESCRIPTION} ${portsInWords()}`,
    },
    [...boxes().map(box), ...ARROWS.map(arrow), ...ports().map(port), ...legend()],
  )
}

const DESCRIPTION =
  'The consumer hands each call to the proxy in its own pod. That proxy sends it over mutual TLS to the proxy in a pod of the provider, which hands it to the provider. The control plane gives the proxies identities, endpoints and policy. A port-forward enters the pod of the consumer beside its proxy. The prover starts calls at the admin ports, and reads the counters of both proxies.'

function portsInWords(): string {
  const { consumer, provider } = { consumer: portsOf('consumer'), provider: portsOf('provider') }
  return `Ports: consumer ${consumer.http}, admin and live page ${consumer.admin}; provider ${provider.http}, admin ${provider.admin}; proxies ${PROXY_PORTS.inbound} in, ${PROXY_PORTS.outbound} out, ${PROXY_PORTS.admin} metrics.`
}

function boxes(): Box[] {
  const pod = (x: number, title: string, isStacked: boolean): Box => ({ kind: 'pod', x, ...POD, title, isStacked })
  const inPod = (kind: 'service' | 'proxy', podX: number, title: string): Box => ({
    kind,
    x: podX + 20,
    width: POD.width - 40,
    ...(kind === 'proxy' ? PROXY : SERVICE),
    title,
  })
  return [
    { kind: 'outside', x: 250, y: 12, width: 730, height: 48, title: 'Linkerd’s control plane' },
    pod(CONSUMER_X, 'pod consumer-v1', false),
    inPod('proxy', CONSUMER_X, 'linkerd-proxy'),
    inPod('service', CONSUMER_X, 'consumer'),
    pod(PROVIDER_X, 'pods provider-v1, provider-v2', true),
    inPod('proxy', PROVIDER_X, 'linkerd-proxy'),
    inPod('service', PROVIDER_X, 'provider'),
    { kind: 'outside', x: 12, y: 148, width: 140, height: 54, title: 'Any other pod', lines: ['with a proxy'] },
    { kind: 'outside', x: 12, y: 290, width: 140, height: 92, title: 'You', lines: ['curl, browser:', 'port-forward'] },
    {
      kind: 'outside',
      x: 250,
      y: 476,
      width: 730,
      height: 60,
      title: 'The prover: npm run prove',
      lines: ['the same calls with a feature on and off; compares what the services saw with what the proxies counted'],
    },
  ]
}

function ports(): Port[] {
  const [consumer, provider] = [portsOf('consumer'), portsOf('provider')]
  const [left, right] = [30, POD.width - 30 - PORT_WIDTH]
  const { inbound, outbound, admin } = PROXY_PORTS
  return [
    { x: CONSUMER_X + left, y: 166, port: inbound, purpose: 'in' },
    { x: CONSUMER_X + right, y: 166, port: outbound, purpose: 'out' },
    { x: CONSUMER_X + right, y: 200, port: admin, purpose: 'metrics' },
    { x: CONSUMER_X + left, y: 320, port: consumer.http, purpose: 'calls' },
    { x: CONSUMER_X + left, y: 350, port: consumer.admin, purpose: 'live page' },
    { x: PROVIDER_X + left, y: 166, port: inbound, purpose: 'in' },
    { x: PROVIDER_X + right, y: 200, port: admin, purpose: 'metrics' },
    { x: PROVIDER_X + left, y: 320, port: provider.http, purpose: 'calls' },
    { x: PROVIDER_X + left, y: 350, port: provider.admin, purpose: 'admin' },
  ]
}

const ARROWS: readonly Arrow[] = [
  // The way of a call.
  {
    kind: 'mtls',
    points: [
      [152, 178],
      [278, 178],
    ],
    label: { x: 201, y: 166, text: 'mutual TLS', anchor: 'middle' },
  },
  {
    kind: 'plain',
    points: [
      [370, 190],
      [370, 318],
    ],
  },
  {
    kind: 'plain',
    points: [
      [400, 290],
      [400, 178],
      [407, 178],
    ],
    label: { x: 410, y: 266, text: 'calls provider-svc' },
  },
  {
    kind: 'mtls',
    points: [
      [520, 178],
      [708, 178],
    ],
    label: { x: 615, y: 166, text: 'mutual TLS', anchor: 'middle' },
  },
  {
    kind: 'plain',
    points: [
      [800, 190],
      [800, 318],
    ],
  },
  // From outside of the mesh.
  {
    kind: 'plain',
    points: [
      [152, 332],
      [278, 332],
    ],
    label: { x: 201, y: 326, text: 'curl', anchor: 'middle' },
  },
  {
    kind: 'plain',
    points: [
      [152, 362],
      [278, 362],
    ],
    label: { x: 201, y: 356, text: 'browser', anchor: 'middle' },
  },
  // Not traffic, but about it.
  {
    kind: 'reads',
    points: [
      [500, 60],
      [500, 130],
    ],
    label: { x: 720, y: 40, text: 'identities, endpoints, policy', anchor: 'middle' },
  },
  {
    kind: 'reads',
    points: [
      [940, 60],
      [940, 130],
    ],
  },
  {
    kind: 'reads',
    points: [
      [330, 476],
      [330, 376],
    ],
    label: { x: 340, y: 440, text: 'starts calls, reads hops' },
  },
  {
    kind: 'reads',
    points: [
      [590, 476],
      [590, 212],
      [522, 212],
    ],
    label: { x: 582, y: 440, text: 'counters', anchor: 'end' },
  },
  {
    kind: 'reads',
    points: [
      [760, 476],
      [760, 376],
    ],
    label: { x: 770, y: 440, text: 'arms faults' },
  },
  {
    kind: 'reads',
    points: [
      [970, 476],
      [970, 212],
      [952, 212],
    ],
    label: { x: 962, y: 440, text: 'counters', anchor: 'end' },
  },
]

/** What the three kinds of arrows mean. */
function legend(): string[] {
  const entries = [
    { x: 250, kind: 'mtls', words: 'between pods: mutual TLS' },
    { x: 480, kind: 'plain', words: 'in a pod, or by port-forward: HTTP' },
    { x: 760, kind: 'reads', words: 'settings and counters' },
  ] as const
  return entries.flatMap(({ x, kind, words }) => [
    arrow({
      kind,
      points: [
        [x, 570],
        [x + 40, 570],
      ],
    }),
    text(x + 50, 574, words, 'small'),
  ])
}
