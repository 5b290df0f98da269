import { defineConfig } from 'vitest/config'

const folders = '{packages,services,prove,bench,e2e,scripts}'

// Where the whole run is added up, each run leaves its results there.
const results = process.env['TEST_RESULTS']

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'services/*/src/**/*.ts', 'prove/src/**/*.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
    },
    maxWorkers: 2,
    ...(results ? { reporters: ['default', 'json'], outputFile: { json: `${results}/${process.pid}.json` } } : {}),
    projects: [
      {
        test: {
          name: 'unit',
          // Far above what they need: a busy machine is no failure.
          testTimeout: 30_000,
          include: [`${folders}/**/*.test.ts`],
          exclude: [
            '**/node_modules/**',
            '**/*.net.test.ts',
            '**/*.repository.test.ts',
            '**/*.container.test.ts',
            '**/*.prove.test.ts',
            '**/*.stress.test.ts',
          ],
        },
      },
      {
        // Real sockets and real processes: seconds, not milliseconds.
        test: { name: 'net', include: [`${folders}/**/*.net.test.ts`], testTimeout: 60_000, hookTimeout: 60_000 },
      },
      {
        // The repository itself: formatting, lint, types, import directions, dead code, documents.
        test: { name: 'repository', include: [`${folders}/**/*.repository.test.ts`], testTimeout: 120_000 },
      },
      {
        // The prover against whole stand-in meshes, healthy and broken, for minutes: `npm run test:prove`.
        test: {
          name: 'prove',
          include: [`${folders}/**/*.prove.test.ts`],
          testTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        // Load, hostility and trouble for minutes, one file after the other: `npm run test:stress`.
        test: {
          name: 'stress',
          include: [`${folders}/**/*.stress.test.ts`],
          testTimeout: 600_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        // Images, compose and a registry on a real engine: `npm run test:containers`.
        test: {
          name: 'containers',
          include: [`${folders}/**/*.container.test.ts`],
          globalSetup: 'e2e/containers/global-setup.ts',
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
