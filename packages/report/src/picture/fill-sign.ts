/** The sign of a fill: long points up, short down; filled opens, hollow closes; a bar is a stop, a ring a target, a cross a liquidation. */
import type { Leg } from '@hedgerow/core'
import type { FillKind } from '../shared/page-data.ts'
import type { Palette } from './palette.ts'
import { element, number } from './svg.ts'

/** Where a sign is, and what it says. */
export interface FillSign {
  readonly x: number
  readonly y: number
  /** Half its width. */
  readonly size: number
  readonly leg: Leg
  readonly kind: FillKind
}

/** The sign as SVG. */
export function fillSign({ x, y, size: full, leg, kind }: FillSign, palette: Palette): string {
  const color = palette[leg]
  if (kind === 'liquidation' || kind === 'adl') return cross(x, y, full, [palette.bad, color])
  const size = kind === 'add' || kind === 'reduce' ? 0.75 * full : full
  const up = leg === 'long' ? 1 : -1
  const isFilled = kind === 'entry' || kind === 'add'
  const triangle = element('path', {
    d: `M${number(x)} ${number(y - up * size)}L${number(x + size)} ${number(y + up * size * 0.8)}H${number(x - size)}z`,
    fill: isFilled ? color : palette.paper, stroke: isFilled ? palette.paper : color, 'stroke-width': isFilled ? 0.8 : 1.4,
  })
  if (kind === 'stop' || kind === 'trailing') return triangle + element('path', { d: `M${number(x - full)} ${number(y + up * (full + 3))}h${number(2 * full)}`, stroke: palette.bad, 'stroke-width': 2 })
  return kind === 'target' ? triangle + element('circle', { cx: x, cy: y, r: full + 2.5, fill: 'none', stroke: color, 'stroke-width': 1.2 }) : triangle
}

function cross(x: number, y: number, size: number, [danger, color]: readonly [danger: string, color: string]): string {
  return element('path', { d: `M${number(x - size)} ${number(y - size)}l${number(2 * size)} ${number(2 * size)}M${number(x + size)} ${number(y - size)}l${number(-2 * size)} ${number(2 * size)}`, stroke: danger, 'stroke-width': 2.6 })
    + element('circle', { cx: x, cy: y, r: size + 4, fill: 'none', stroke: color, 'stroke-width': 1.4 })
}
