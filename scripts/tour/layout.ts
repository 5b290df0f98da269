/** A text in lines of at most `width` characters, broken between words; a longer word has a line of its own. */
export function wrapped(text: string, width: number): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.join('\n')
}

/** A command as somebody would write it who wants to see its parts: each on a line, and still to be copied. */
export function shownCommand(command: string): string {
  return `$ ${command.replaceAll(' && ', ' && \\\n    ')}`
}
