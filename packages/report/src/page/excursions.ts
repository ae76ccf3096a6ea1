/** The worst moment of each trade against its best. */
import { numberText } from './format.ts'
import { LEG_NAMES, type Run } from './run.ts'
import { at } from './search.ts'

const WIDTH = 480
const HEIGHT = 274
const LEFT = 44
const FOOT = 28
const TOP = 10
const REACH = 16

/** A trade at its place. */
interface Dot {
  readonly trade: number
  readonly x: number
  readonly y: number
}

/** Draws the scatter; a click jumps to the nearest trade. */
export function startExcursions(run: Run, jump: (trade: number) => void): void {
  const frame = document.getElementById('excursions')
  if (frame === null) return
  const { trades } = run
  const percent = (column: Float64Array) => (trade: number): number => (100 * Math.abs(at(column, trade))) / at(trades.peakNotional, trade)
  const [worst, best] = [percent(trades.mae), percent(trades.mfe)]
  const rows = Array.from(trades.id, (_, trade) => trade)
  const most = { x: roundUp(Math.max(...rows.map(worst))), y: roundUp(Math.max(...rows.map(best))) }
  const dots = rows.map((trade): Dot => ({ trade, x: LEFT + (worst(trade) / most.x) * (WIDTH - LEFT - 12), y: HEIGHT - FOOT - (best(trade) / most.y) * (HEIGHT - FOOT - TOP) }))
  frame.innerHTML = svgText(dots, run, most)
  const dotAt = (event: MouseEvent): Dot | null => nearest(dots, frame, event)
  const tip = frame.querySelector('output')
  frame.addEventListener('click', (event) => {
    const dot = dotAt(event)
    if (dot !== null) jump(dot.trade)
  })
  frame.addEventListener('pointermove', (event) => {
    const dot = dotAt(event)
    frame.style.cursor = dot === null ? '' : 'pointer'
    if (tip !== null) tip.textContent = dot === null ? '' : `#${at(trades.id, dot.trade)} ${LEG_NAMES[at(trades.leg, dot.trade) === 0 ? 0 : 1]}: worst -${numberText(worst(dot.trade))} %, best +${numberText(best(dot.trade))} %, net ${numberText(at(trades.netPnl, dot.trade))}`
  })
}

function nearest(dots: readonly Dot[], frame: HTMLElement, { clientX, clientY }: MouseEvent): Dot | null {
  const box = frame.querySelector('svg')?.getBoundingClientRect()
  if (box === undefined) return null
  const [x, y] = [((clientX - box.left) / box.width) * WIDTH, ((clientY - box.top) / box.height) * HEIGHT]
  let [found, distance]: [Dot | null, number] = [null, REACH * REACH]
  for (const dot of dots) {
    const away = (dot.x - x) ** 2 + (dot.y - y) ** 2
    if (away < distance) [found, distance] = [dot, away]
  }
  return found
}

/** One path for each look: thousands of trades are a handful of elements. */
function svgText(dots: readonly Dot[], { trades }: Run, most: { readonly x: number; readonly y: number }): string {
  const path = (leg: 0 | 1, won: boolean): string => {
    const own = dots.filter(({ trade }) => at(trades.leg, trade) === leg && at(trades.netPnl, trade) > 0 === won)
    return own.map(({ x, y }) => (won ? `M${x.toFixed(1)} ${y.toFixed(1)}h0` : `M${(x - 3).toFixed(1)} ${y.toFixed(1)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0`)).join('')
  }
  const paths = ([0, 1] as const).flatMap((leg) => [true, false].map((won) => `<path class="${LEG_NAMES[leg]} ${won ? 'won' : 'lost'}" d="${path(leg, won)}"/>`)).join('')
  const [right, floor] = [WIDTH - 12, HEIGHT - FOOT]
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Worst against best moment of ${dots.length} trades"><line class="axis" x1="${LEFT}" x2="${right}" y1="${floor}" y2="${floor}"/><line class="axis" x1="${LEFT}" x2="${LEFT}" y1="${TOP}" y2="${floor}"/>
<text x="${right}" y="${HEIGHT - 8}" text-anchor="end">worst -${numberText(most.x, 1)} %</text><text x="${LEFT}" y="${HEIGHT - 8}">0</text><text x="${LEFT - 4}" y="${TOP + 9}" text-anchor="end">+${numberText(most.y, 1)}</text><text x="${LEFT + 6}" y="${TOP + 9}">best, %</text>${paths}</svg><output></output>`
}

/** A round number at least as large. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 1.5, 2, 3, 5, 7, 10].find((factor) => factor * power >= value) ?? 10)
}
