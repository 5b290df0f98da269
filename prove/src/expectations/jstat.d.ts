declare module 'jstat' {
  /** CommonJS: the names are on the default export. */
  const jstat: {
    jStat: {
      binomial: {
        /** Probability of at most `k` successes in `n` trials with probability `p`; exact to ten digits. */
        cdf(k: number, n: number, p: number): number
      }
    }
  }
  export default jstat
}
