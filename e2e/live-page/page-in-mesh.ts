import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PromiseId } from '@linkerd-scenario/contract/promises'
import { until } from '@linkerd-scenario/test-kit/until'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { endBundling } from '../../packages/bundle/src/bundle.ts'
import { buildLivePage } from '../../packages/live-page/build.ts'
import { tool } from '../repository/tools.ts'
import type { Behaviour } from '../stand-in-mesh/behaviour.ts'
import type { StandInPod } from '../stand-in-mesh/pod.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import type { StandInNamespace } from '../stand-in-mesh/stand-in-namespace.ts'
import { launchBrowser } from './browser.ts'

const NAMESPACE = 'live'

/** The demo in a stand-in mesh, consumers with the live page, and a browser. */
export class PageInMesh implements AsyncDisposable {
  readonly browser: Browser
  readonly #folder: string
  readonly #cluster = new StandInCluster()

  private constructor(browser: Browser, folder: string) {
    this.browser = browser
    this.#folder = folder
  }

  static async start(): Promise<PageInMesh> {
    const folder = await mkdtemp(join(tmpdir(), 'scenario-live-page-'))
    await buildLivePage(folder)
    await endBundling()
    const mesh = new PageInMesh(await launchBrowser(), folder)
    mesh.#cluster.createNamespace(NAMESPACE, {})
    await mesh.apply('overlays/demo')
    return mesh
  }

  /** Can be changed while the mesh runs. */
  get behaviour(): Behaviour {
    return this.#cluster.behaviour
  }

  get namespace(): StandInNamespace {
    return this.#cluster.in(NAMESPACE)
  }

  /** Applies a folder of `k8s`. */
  async apply(path: string): Promise<void> {
    this.#cluster.apply(NAMESPACE, this.#withPage(await manifests(path)))
  }

  async delete(path: string): Promise<void> {
    this.#cluster.delete(NAMESPACE, await manifests(path))
  }

  /** The ready pods of a deployment, once there are exactly `count` of them. */
  async pods(deployment: string, count = 1): Promise<StandInPod[]> {
    const ready = () => this.namespace.pods.filter((pod) => pod.options.deployment === deployment && pod.ready)
    return until(ready, (pods) => pods.length === count, { withinMs: 60_000, everyMs: 50 })
  }

  /** The URL of the page of a consumer, once its pod is ready. */
  async pageOf(deployment: string): Promise<string> {
    const [pod] = await this.pods(deployment)
    return adminUrl(pod)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close()
    await this.#cluster.close()
    await rm(this.#folder, { recursive: true })
  }

  /** Tells every pod where the built page is, as the images do. */
  #withPage(text: string): string {
    const objects = parseAllDocuments(text).map((document) => document.toJS() as Deployment)
    for (const { kind, spec } of objects) {
      if (kind !== 'Deployment') continue
      for (const container of spec.template.spec.containers) {
        container.env = [...(container.env ?? []), { name: 'LIVE_PAGE_DIR', value: this.#folder }]
      }
    }
    return objects.map((object) => JSON.stringify(object)).join('\n---\n')
  }
}

export const adminUrl = (pod: StandInPod | undefined): string => `http://127.0.0.1:${pod?.adminPort}`

interface Deployment {
  kind: string
  spec: { template: { spec: { containers: { env?: { name: string; value: string }[] }[] } } }
}

async function manifests(path: string): Promise<string> {
  const { status, output } = await tool('kubectl', ['kustomize', `k8s/${path}`])
  expect(status, output).toBe(0)
  return output
}

/** Presses the button that sends suitable traffic, and waits for its verdict. */
export async function verdictOf(page: Page, id: PromiseId, wanted: string): Promise<void> {
  const row = page.locator(`[data-promise="${id}"]`)
  if ((await row.getAttribute('open')) === null) await row.locator('summary').click()
  await row.getByRole('button', { name: 'Send suitable traffic' }).click()
  await page.getByRole('button', { name: 'Reset counts' }).click()
  const seen = async () => ({
    verdict: await row.getAttribute('data-verdict'),
    why: await row.locator('.why').textContent(),
  })
  await expect.poll(seen, { timeout: 60_000, interval: 200 }).toMatchObject({ verdict: wanted })
}
