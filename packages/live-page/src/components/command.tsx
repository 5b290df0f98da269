import { useState } from 'preact/hooks'
import { useText } from '../text/language.ts'
import { M } from '../text/messages.ts'

const COPIED_MS = 2000

/** A command with a button that copies it. */
export function Command({ label, command }: { label: string; command: string }) {
  const { say } = useText()
  const [isCopied, setCopied] = useState(false)
  const showCopied = () => {
    setCopied(true)
    setTimeout(() => setCopied(false), COPIED_MS)
  }
  const copy = () => void copyText(command).then(showCopied)
  return (
    <div class="command">
      <p>{label}</p>
      <pre>
        <code>{command}</code>
      </pre>
      <button type="button" class="quiet" aria-label={`${say(M.copy)}: ${label}`} onClick={copy}>
        {say(isCopied ? M.copied : M.copy)}
      </button>
    </div>
  )
}

/** Over plain HTTP from another host the browser has no clipboard API; execCommand still works there. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
