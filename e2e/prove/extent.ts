/** Whether all is proved of the prover that can be, or as much as fits into every test run: vitest's `--mode all`. */
export const isAll = process.env['MODE'] === 'all'
