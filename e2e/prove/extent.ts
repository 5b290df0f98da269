/** Whether to prove everything about the prover, or only what fits into every test run: vitest's `--mode all`. */
export const isAll = process.env['MODE'] === 'all'

/** How many lanes the tests of whole meshes use; PROVE_LANES takes another number than 1. */
export const inLanes: readonly string[] = ['--lanes', process.env['PROVE_LANES'] ?? '1']
