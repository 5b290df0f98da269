/** Height of the box of a pod, pixels. */
export const BOX_HEIGHT = 60
const ROW = 78
const MARGIN = 14
/** Below this width of the picture the pods are below the consumer, pixels. */
const NARROW = 560

export type Point = readonly [x: number, y: number]

/** Where the parts of the picture are: the consumer, and a column of boxes, one box to a row. */
export interface MapLayout {
  isNarrow: boolean
  height: number
  consumer: { top: number; width: number; height: number }
  podWidth: number
  /** The left edge of the boxes in the column. */
  podX: number
  /** Where the edges leave the consumer. */
  start: Point
  /** The top of the box in a row. */
  top: (row: number) => number
  /** Where the edge to the box in a row ends. */
  end: (row: number) => Point
  /** The edge to the box in a row, as an SVG path. */
  edge: (row: number) => string
}

/** The layout of a picture of this width, in pixels, with this many boxes in the column. */
export function mapLayout(width: number, boxes: number): MapLayout {
  const rows = Math.max(1, boxes)
  return width < NARROW ? stacked(width, rows) : sideBySide(width, rows)
}

/** The consumer on the left, the column on the right. */
function sideBySide(width: number, rows: number): MapLayout {
  const podWidth = Math.min(280, Math.max(230, width * 0.34))
  const height = Math.max(2, rows) * ROW + MARGIN
  const consumer = { top: height / 2 - 46, width: 190, height: 92 }
  const podX = width - podWidth
  const start: Point = [consumer.width, height / 2]
  const top = (row: number) => (height - rows * ROW) / 2 + row * ROW + (ROW - BOX_HEIGHT) / 2
  const end = (row: number): Point => [podX, top(row) + BOX_HEIGHT / 2]
  const edge = (row: number) => {
    const [[x1, y1], [x2, y2]] = [start, end(row)]
    const middle = (x1 + x2) / 2
    return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`
  }
  return { isNarrow: false, height, consumer, podWidth, podX, start, top, end, edge }
}

/** The consumer on top, the column below it. */
function stacked(width: number, rows: number): MapLayout {
  const consumer = { top: 10, width, height: 62 }
  const podX = 62
  const start: Point = [24, consumer.top + consumer.height]
  const first = start[1] + 26
  const top = (row: number) => first + row * ROW
  const end = (row: number): Point => [podX, top(row) + BOX_HEIGHT / 2]
  const edge = (row: number) => {
    const [[x1, y1], [x2, y2]] = [start, end(row)]
    return `M${x1} ${y1}V${y2 - 34}Q${x1} ${y2} ${x2} ${y2}`
  }
  const height = top(rows - 1) + BOX_HEIGHT + MARGIN
  return { isNarrow: true, height, consumer, podWidth: width - podX, podX, start, top, end, edge }
}

/** A long name loses its middle: its beginning identifies the workload, its end the pod. */
export function fitted(name: string, width: number): string {
  const fits = Math.max(6, Math.floor(width / 8.3))
  if (name.length <= fits) return name
  const end = Math.min(6, fits - 3)
  return `${name.slice(0, fits - end - 1)}…${name.slice(-end)}`
}
