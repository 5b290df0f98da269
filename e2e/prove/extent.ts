/** Whether to prove everything about the prover, or only what fits into every test run: vitest's `--mode all`. */
export const isAll = process.env['MODE'] === 'all'
