/** The first versions of Linkerd that have a capability, e.g. `edge-26.6.2` and `2.20`. */
export interface Since {
  edge: string
  release: string
}

/**
 * Whether a control plane version, as written in its label (`edge-26.8.3`, `stable-2.14.10`, `2.20.0`), is at least one
 * of these. False for a version in any other format.
 */
export function isSince(version: string, { edge, release }: Since): boolean {
  const numbers = numbersOf(version)
  if (numbers === undefined) return false
  return isAtLeast(numbers, numbersOf(version.startsWith('edge-') ? edge : release) ?? [])
}

function numbersOf(version: string): number[] | undefined {
  const [, numbers] = /^(?:[a-z]+-)*v?(\d+(?:\.\d+)+)/.exec(version) ?? []
  return numbers?.split('.').map(Number)
}

function isAtLeast(numbers: readonly number[], least: readonly number[]): boolean {
  for (const [index, wanted] of least.entries()) {
    const number = numbers[index] ?? 0
    if (number !== wanted) return number > wanted
  }
  return true
}
