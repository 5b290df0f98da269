const CTRL_C = 3

/** What of `process.stdin` is needed. */
interface Keyboard {
  isTTY: boolean
  setRawMode: (isRaw: boolean) => unknown
  on: (event: 'data', listener: (keys: Buffer) => void) => unknown
  off: (event: 'data', listener: (keys: Buffer) => void) => unknown
  resume: () => unknown
  pause: () => unknown
}

/**
 * Takes away the keys that are pressed while a command runs: otherwise they would answer the next question. Ctrl-C goes
 * on as the signal that a terminal makes of it. Returns what ends this.
 */
export function takeKeys(
  keyboard: Keyboard = process.stdin,
  interrupt: () => void = () => process.kill(0, 'SIGINT'),
): () => void {
  if (!keyboard.isTTY) return () => {}
  const onKeys = (keys: Buffer) => {
    if (keys.includes(CTRL_C)) interrupt()
  }
  keyboard.setRawMode(true)
  keyboard.on('data', onKeys)
  keyboard.resume()
  return () => {
    keyboard.off('data', onKeys)
    keyboard.pause()
    keyboard.setRawMode(false)
  }
}
