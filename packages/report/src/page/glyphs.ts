/** The signs of fills: long points up, short down; filled opens, hollow closes; a bar is a stop, a ring a target, a cross a liquidation. */
import type { FillKind } from '../shared/page-data.ts'

/** One sign. */
export interface Glyph {
  readonly x: number
  readonly y: number
  /** Half its width. */
  readonly size: number
  readonly leg: 0 | 1
  readonly kind: FillKind
  readonly color: string
  readonly paper: string
  readonly danger: string
}

/** Draws a sign. */
export function drawGlyph(context: CanvasRenderingContext2D, glyph: Glyph): void {
  const { kind } = glyph
  const size = kind === 'add' || kind === 'reduce' ? 0.75 * glyph.size : glyph.size
  if (kind === 'liquidation' || kind === 'adl') return cross(context, { ...glyph, size: glyph.size + 2 })
  triangle(context, { ...glyph, size }, kind === 'entry' || kind === 'add')
  if (kind === 'stop' || kind === 'trailing') bar(context, glyph)
  if (kind === 'target') ring(context, glyph)
}

function triangle(context: CanvasRenderingContext2D, { x, y, size, leg, color, paper }: Glyph, isFilled: boolean): void {
  const up = leg === 0 ? 1 : -1
  context.beginPath()
  context.moveTo(x, y - up * size)
  context.lineTo(x + size, y + up * size * 0.8)
  context.lineTo(x - size, y + up * size * 0.8)
  context.closePath()
  context.fillStyle = isFilled ? color : paper
  context.fill()
  context.lineWidth = 1.5
  context.strokeStyle = isFilled ? paper : color
  context.stroke()
}

function bar(context: CanvasRenderingContext2D, { x, y, size, leg, danger }: Glyph): void {
  const below = y + (leg === 0 ? 1 : -1) * (size + 3)
  context.beginPath()
  context.lineWidth = 2.5
  context.strokeStyle = danger
  context.moveTo(x - size, below)
  context.lineTo(x + size, below)
  context.stroke()
}

function ring(context: CanvasRenderingContext2D, { x, y, size, color }: Glyph): void {
  context.beginPath()
  context.lineWidth = 1.5
  context.strokeStyle = color
  context.arc(x, y, size + 2.5, 0, 2 * Math.PI)
  context.stroke()
}

function cross(context: CanvasRenderingContext2D, { x, y, size, color, danger, paper }: Glyph): void {
  for (const [width, style] of [[5, paper], [3, danger]] as const) {
    context.beginPath()
    context.lineWidth = width
    context.strokeStyle = style
    context.moveTo(x - size, y - size)
    context.lineTo(x + size, y + size)
    context.moveTo(x + size, y - size)
    context.lineTo(x - size, y + size)
    context.stroke()
  }
  context.beginPath()
  context.lineWidth = 1.5
  context.strokeStyle = color
  context.arc(x, y, size + 4, 0, 2 * Math.PI)
  context.stroke()
}
