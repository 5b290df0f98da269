import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PromiseId, Verdict } from '@linkerd-scenario/contract/promises'
import { until } from '@linkerd-scenario/test-kit/until'
import { execa } from 'execa'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { KUBECTL } from '../prove/command-line.ts'
import { root } from '../repository/tools.ts'
import type { Behaviour } from '../stand-in-mesh/behaviour.ts'
import type { StandInDeployment } from '../stand-in-mesh/deployment.ts'
import { serveCluster } from '../stand-in-mesh/kubectl/cluster-server.ts'
import type { StandInPod } from '../stand-in-mesh/pod.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { BROKEN_STREAM, launchBrowser, openPage, type WatchedPage } from './browser.ts'

const NAMESPACE = 'default'

type ServedCluster = Awaited<ReturnType<typeof serveCluster>>

/** The demo in a stand-in mesh, the live pages of its consumers in a browser, and a shell whose kubectl it answers. */
export class PageInMesh implements AsyncDisposable {
  readonly browser: Browser
  readonly #folder: string
  readonly #cluster: StandInCluster
  readonly #server: ServedCluster
  readonly #ran = new Set<string>()
  readonly #trouble: string[] = []
  #open: WatchedPage | undefined

  private constructor(browser: Browser, folder: string, cluster: StandInCluster, server: ServedCluster) {
    this.browser = browser
    this.#folder = folder
    this.#cluster = cluster
    this.#server = server
  }

  static async start(): Promise<PageInMesh> {
    const folder = await mkdtemp(join(tmpdir(), 'scenario-kubectl-'))
    await symlink(KUBECTL, join(folder, 'kubectl'))
    const cluster = new StandInCluster()
    cluster.createNamespace(NAMESPACE, {})
    const mesh = new PageInMesh(await launchBrowser(), folder, cluster, await serveCluster(cluster))
    await mesh.run('kubectl apply -k k8s/overlays/demo')
    return mesh
  }

  /** Can be changed while the mesh runs. */
  get behaviour(): Behaviour {
    return this.#cluster.behaviour
  }

  /** Every object that was applied. */
  get applied(): readonly object[] {
    return this.#cluster.in(NAMESPACE).applied
  }

  /** Runs a command of the live page as a user does: in a shell, in the root of the repository. Returns its output. */
  async run(command: string): Promise<string> {
    const env = { PATH: `${this.#folder}:${process.env['PATH']}`, STAND_IN_CLUSTER: this.#server.url }
    const { exitCode, all } = await execa('sh', ['-c', command], { cwd: root, env, all: true, reject: false })
    expect(exitCode, `${command}: ${all}`).toBe(0)
    this.#ran.add(command)
    return all
  }

  /** The commands that succeeded. */
  get ran(): ReadonlySet<string> {
    return this.#ran
  }

  /** Waits until a deployment has as many pods as it should, of its latest template and ready, and no others. */
  async rolledOut(...deployments: string[]): Promise<void> {
    for (const name of deployments) await this.#podsOf(name)
  }

  /** Sets the number of pods, and waits. Those that stay keep their faults. */
  async scale(deployment: string, replicas: number): Promise<void> {
    this.#deployment(deployment).scale(replicas)
    await this.rolledOut(deployment)
  }

  /** From the next stop on: pods get no time to end their calls. */
  killPodsAtOnce(deployment: string): void {
    const { template, ...spec } = this.#deployment(deployment).spec
    const killed = { ...template, spec: { ...template.spec, terminationGracePeriodSeconds: 0 } }
    this.#deployment(deployment).change({ ...spec, template: killed })
  }

  #deployment(name: string): StandInDeployment {
    const deployment = this.#cluster.in(NAMESPACE).deployments.get(name)
    if (deployment === undefined) throw new Error(`There is no deployment ${name}`)
    return deployment
  }

  #podsOf(name: string): Promise<StandInPod[]> {
    const deployment = this.#deployment(name)
    const pods = () => this.#cluster.pods(NAMESPACE).filter(({ options }) => options.deployment === name)
    const isDone = (found: StandInPod[]) =>
      found.length === deployment.replicas && found.every((pod) => pod.ready && pod.options.hash === deployment.hash)
    return until(pods, isDone, { withinMs: 60_000, everyMs: 50 })
  }

  /** The live page of a consumer, once its pod is ready. It is the only open one: without a viewer, traffic ends. */
  async pageOf(consumer: string): Promise<Page> {
    const [pod] = await this.#podsOf(consumer)
    const url = `http://127.0.0.1:${pod?.adminPort}/`
    if (this.#open?.page.url() === url) return this.#open.page
    await this.#close()
    this.#open = await openPage(this.browser, url, { expected: BROKEN_STREAM })
    return this.#open.page
  }

  async #close(): Promise<void> {
    this.#trouble.push(...(this.#open?.trouble ?? []))
    await this.#open?.[Symbol.asyncDispose]()
    this.#open = undefined
  }

  /** The errors that its pages have logged so far. */
  get trouble(): readonly string[] {
    return [...this.#trouble, ...(this.#open?.trouble ?? [])]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close()
    await this.#server.close()
    await rm(this.#folder, { recursive: true })
  }
}

/** Opens the row of a promise. */
async function rowOf(page: Page, id: PromiseId) {
  const row = page.locator(`[data-promise="${id}"]`)
  if ((await row.getAttribute('open')) === null) await row.locator('summary').click()
  return row
}

/** Presses the button that sends suitable traffic. */
export async function sendSuitable(page: Page, id: PromiseId): Promise<void> {
  const row = await rowOf(page, id)
  await row.getByRole('button', { name: 'Send suitable traffic' }).click()
}

/** Waits for a verdict on the calls from now on, and for what its reason begins with. */
export async function verdictFromNow(page: Page, id: PromiseId, wanted: Verdict, why?: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Reset counts' }).click()
  await verdict(page, id, wanted, why)
}

/** Waits for a verdict on the calls so far, and for what its reason begins with. */
export async function verdict(page: Page, id: PromiseId, wanted: Verdict, why = /.*/): Promise<void> {
  const row = await rowOf(page, id)
  const seen = async () => `${await row.getAttribute('data-verdict')}: ${await row.locator('.why').textContent()}`
  await expect.poll(seen, { timeout: 60_000, interval: 200 }).toMatch(new RegExp(`^${wanted}: ${why.source}`))
}
