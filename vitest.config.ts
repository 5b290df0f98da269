import { defineConfig } from 'vitest/config'
import { ClosingLine } from './packages/test-kit/src/closing-line.ts'

const folders = '{packages,services,prove,bench,e2e,scripts}'

// Every test file and every run must leave no process, socket or folder behind.
const leftovers = {
  setupFiles: ['packages/test-kit/src/leftovers/watch-test-file.ts'],
  globalSetup: ['packages/test-kit/src/leftovers/watch-test-run.ts'],
}

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'services/*/src/**/*.ts', 'prove/src/**/*.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
    },
    maxWorkers: 2,
    reporters: ['default', new ClosingLine(process.env['TEST_RESULTS'])],
    projects: [
      {
        test: {
          ...leftovers,
          name: 'unit',
          // Far above what they need: a busy machine must not fail a test.
          testTimeout: 30_000,
          include: [`${folders}/**/*.test.ts`],
          exclude: [
            '**/node_modules/**',
            '**/*.net.test.ts',
            '**/*.repository.test.ts',
            '**/*.container.test.ts',
            '**/*.browser.test.ts',
            '**/*.prove.test.ts',
            '**/*.stress.test.ts',
            '**/*.observability.test.ts',
          ],
        },
      },
      {
        // Real sockets and real processes: seconds, not milliseconds.
        test: {
          ...leftovers,
          name: 'net',
          include: [`${folders}/**/*.net.test.ts`],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The repository itself: formatting, lint, types, import directions, dead code, documents.
        test: {
          ...leftovers,
          name: 'repository',
          include: [`${folders}/**/*.repository.test.ts`],
          testTimeout: 120_000,
        },
      },
      {
        // The prover against whole stand-in meshes, healthy and broken, for minutes: `npm run test:prove`.
        test: {
          ...leftovers,
          name: 'prove',
          globalSetup: [...leftovers.globalSetup, 'e2e/stand-in-mesh/global-setup.ts'],
          include: [`${folders}/**/*.prove.test.ts`],
          testTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        // Load, hostility and trouble for minutes, one file after the other: `npm run test:stress`.
        test: {
          ...leftovers,
          name: 'stress',
          include: [`${folders}/**/*.stress.test.ts`],
          testTimeout: 600_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        // Queries of dashboards, rules and documents against a real Prometheus: `npm run test:observability`.
        test: {
          name: 'observability',
          globalSetup: ['e2e/stand-in-mesh/global-setup.ts'],
          include: [`${folders}/**/*.observability.test.ts`],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        // The live page in a real browser: `npm run test:browser`.
        test: {
          ...leftovers,
          name: 'browser',
          globalSetup: [...leftovers.globalSetup, 'e2e/stand-in-mesh/global-setup.ts'],
          include: [`${folders}/**/*.browser.test.ts`],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        // Images, compose and a registry on a real engine: `npm run test:containers`.
        test: {
          ...leftovers,
          name: 'containers',
          include: [`${folders}/**/*.container.test.ts`],
          globalSetup: [...leftovers.globalSetup, 'e2e/containers/global-setup.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
