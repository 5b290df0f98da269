import { useState } from 'preact/hooks'

export interface HoldHandlers {
  onPointerEnter: () => void
  onPointerLeave: () => void
  onFocusIn: () => void
  onFocusOut: () => void
}

/** The value of the moment in which the pointer or the focus came to an element, until both have left it. */
export function useHeld<Value>(current: Value): { held: Value | undefined; handlers: HoldHandlers } {
  const [held, setHeld] = useState<Value>()
  const [isFocused, setFocused] = useState(false)
  const [isHovered, setHovered] = useState(false)
  const isHeld = isFocused || isHovered
  const hold = () => setHeld((before) => (isHeld && before !== undefined ? before : current))
  return {
    held: isHeld ? held : undefined,
    handlers: {
      onPointerEnter: () => {
        hold()
        setHovered(true)
      },
      onPointerLeave: () => setHovered(false),
      onFocusIn: () => {
        hold()
        setFocused(true)
      },
      onFocusOut: () => setFocused(false),
    },
  }
}
