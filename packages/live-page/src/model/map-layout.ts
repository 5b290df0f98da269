/** Height of the box of a pod, pixels. */
export const BOX_HEIGHT = 60
const ROW = 78
const MARGIN = 14
/** Below this width of the picture its boxes and names are smaller, pixels. */
const NARROW = 560

export type Point = readonly [x: number, y: number]

/** Where the parts of the picture are: the consumer on the left, a column of boxes on the right, one box to a row. */
export interface MapLayout {
  isNarrow: boolean
  width: number
  height: number
  consumerWidth: number
  podWidth: number
  /** The left edge of the boxes on the right. */
  podX: number
  /** Where the edges leave the consumer. */
  start: Point
  /** The top of the box in a row. */
  top: (row: number) => number
  /** Where the edge to the box in a row ends. */
  end: (row: number) => Point
}

/** The layout of a picture of this width, in pixels, with this many boxes on the right. */
export function mapLayout(width: number, boxes: number): MapLayout {
  const isNarrow = width < NARROW
  const consumerWidth = isNarrow ? Math.min(112, width * 0.27) : 190
  const podWidth = isNarrow ? Math.min(190, width * 0.47) : Math.min(280, width * 0.34)
  const podX = width - podWidth
  const rows = Math.max(1, boxes)
  const height = Math.max(2, rows) * ROW + MARGIN
  const top = (row: number) => (height - rows * ROW) / 2 + row * ROW + (ROW - BOX_HEIGHT) / 2
  return {
    isNarrow,
    width,
    height,
    consumerWidth,
    podWidth,
    podX,
    start: [consumerWidth, height / 2],
    top,
    end: (row) => [podX, top(row) + BOX_HEIGHT / 2],
  }
}

/** A long name loses its middle: its beginning identifies the workload, its end the pod. */
export function fitted(name: string, width: number): string {
  const fits = Math.max(6, Math.floor(width / 8.3))
  if (name.length <= fits) return name
  const end = Math.min(6, fits - 3)
  return `${name.slice(0, fits - end - 1)}…${name.slice(-end)}`
}
