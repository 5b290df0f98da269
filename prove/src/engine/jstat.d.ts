declare module 'jstat' {
  export const jStat: {
    binomial: {
      /** Probability of at most `k` successes in `n` trials with probability `p`; exact to ten digits. */
      cdf(k: number, n: number, p: number): number
    }
  }
}
