/** The figures of a page, computed once more from `fills.csv`, `equity.csv` and the candles, with nothing of the framework. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Row = Readonly<Record<string, string>>
type Leg = 'long' | 'short'

/** Candles by plain columns. */
export interface PlainCandles {
  readonly start: number
  readonly step: number
  readonly close: ArrayLike<number>
}

/** Figures by the names of the page; null does not exist. */
export type Figures = Record<string, number | null>

const DAY = 86_400_000

function rowsOf(path: string): Row[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  const names = header.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? '', cell])))
}

/** The lowest and the highest of what a trade had made at a moment, before costs. */
interface Reach {
  readonly worst: number
  readonly best: number
}

/** One round trip. */
export interface PlainTrade {
  readonly leg: Leg
  readonly gross: number
  readonly fees: number
  readonly net: number
  readonly held: number
  readonly closedAt: number
  readonly role: string
  /** Largest value at entry of what was held at once. */
  readonly peak: number
  /** Over the candles that lie whole between two of its fills, and the prices of these. */
  readonly inside: Reach
  /** Over those as well in which a fill is: some of their prices were before or after it. */
  readonly around: Reach
}

interface Held {
  qty: number
  cost: number
  gross: number
  fees: number
  since: number
  last: number
  peak: number
  inside: Reach
  around: Reach
}

const NOTHING: Reach = { worst: 0, best: 0 }
const flat = (): Held => ({ qty: 0, cost: 0, gross: 0, fees: 0, since: 0, last: 0, peak: 0, inside: NOTHING, around: NOTHING })

/** Prices that a trade may have seen: lows and highs by column. */
type Ranges = Pick<PlainCandles, 'start' | 'step'> & { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> }

function reached(held: Held, { before, leg, from, to }: { readonly before: Reach; readonly leg: Leg; readonly from: number; readonly to: number }, { low, high }: Pick<Ranges, 'low' | 'high'>, prices: readonly number[]): Reach {
  const direction = leg === 'long' ? 1 : -1
  const made = (price: number): number => held.gross + direction * (held.qty * price - held.cost)
  let { worst, best } = before
  const see = (price: number): void => {
    worst = Math.min(worst, made(price))
    best = Math.max(best, made(price))
  }
  for (let row = from; row < to; row++) for (const column of [low, high]) see(column[row] ?? Number.NaN)
  for (const price of prices) see(price)
  return { worst, best }
}

/** What the leg went through since its last fill. */
function watch(held: Held, leg: Leg, { at, price }: { readonly at: number; readonly price: number }, candles: Ranges | null): void {
  if (candles === null || held.qty === 0) return
  const row = (time: number): number => (time - candles.start) / candles.step
  const [from, to] = [row(held.last), row(at)]
  held.inside = reached(held, { before: held.inside, leg, from: Math.ceil(from), to: Math.floor(to) }, candles, [price])
  held.around = reached(held, { before: held.around, leg, from: Math.floor(from), to: Math.ceil(to) }, candles, [price])
}

/** Round trips by average cost, and the traded notional by leg. */
function roundTrips(fills: readonly Row[], candles: Ranges | null = null): { readonly trades: readonly PlainTrade[]; readonly notional: Record<Leg, number> } {
  const legs: Record<Leg, Held> = { long: flat(), short: flat() }
  const notional: Record<Leg, number> = { long: 0, short: 0 }
  const trades: PlainTrade[] = []
  for (const fill of fills) {
    const leg = fill['leg'] === 'long' ? 'long' : 'short'
    const [price, qty, fee, at] = [Number(fill['price']), Number(fill['qty']), Number(fill['fee']), Number(fill['atMs'])]
    const held = legs[leg]
    notional[leg] += price * qty
    held.fees += fee
    watch(held, leg, { at, price }, candles)
    held.last = at
    if (fill['intent'] === 'open') {
      if (held.qty === 0) held.since = at
      held.qty += qty
      held.cost += qty * price
      held.peak = Math.max(held.peak, held.cost)
      continue
    }
    const entry = held.cost / held.qty
    held.gross += (leg === 'long' ? 1 : -1) * qty * (price - entry)
    held.cost -= entry * qty
    held.qty = Number((held.qty - qty).toFixed(10))
    if (held.qty > 0) continue
    const { gross, fees, since, peak, inside, around } = held
    trades.push({ leg, gross, fees, net: gross - fees, held: at - since, closedAt: at, role: fill['role'] ?? '', peak, inside, around })
    legs[leg] = flat()
  }
  return { trades, notional }
}

/** The round trips of a run in the order in which they closed. */
export function tradesOf(folder: string, candles: Ranges): readonly PlainTrade[] {
  return roundTrips(fillsOf(folder), candles).trades
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number | null => (values.length === 0 ? null : sum(values) / values.length)
const over = (a: number | null, b: number | null): number | null => (a === null || b === null || b === 0 ? null : a / b)

function tradeFigures(trades: readonly PlainTrade[]): Figures {
  const nets = trades.map(({ net }) => net)
  const [wins, losses] = [nets.filter((net) => net > 0), nets.filter((net) => net < 0)]
  const times = trades.map(({ held }) => held).sort((a, b) => a - b)
  const half = times.length / 2
  let [streak, longest] = [0, 0]
  for (const net of nets) longest = Math.max(longest, (streak = net < 0 ? streak + 1 : 0))
  return {
    count: nets.length, winRate: over(wins.length, nets.length), grossPnl: sum(trades.map(({ gross }) => gross)), netPnl: sum(nets), fees: -sum(trades.map(({ fees }) => fees)), expectancy: mean(nets),
    profitFactor: over(sum(wins), -sum(losses)), payoffRatio: over(mean(wins), losses.length === 0 ? null : -(mean(losses) ?? 0)), largestWin: wins.length === 0 ? null : Math.max(...wins), largestLoss: losses.length === 0 ? null : Math.min(...losses),
    maxConsecutiveLosses: longest, holdingMsMedian: times.length === 0 ? null : ((times[Math.ceil(half) - 1] ?? 0) + (times[Math.floor(half)] ?? 0)) / 2, holdingMsMax: times.at(-1) ?? null,
  }
}

/** Of the daily points: the start, every UTC midnight and the end. */
function equityFigures(points: readonly number[]): Figures {
  const returns = points.slice(1).map((point, index) => point / (points[index] ?? 1) - 1)
  const [first = 1, n] = [points[0], returns.length]
  const average = sum(returns) / n
  const deviation = Math.sqrt(sum(returns.map((value) => (value - average) ** 2)) / (n - 1))
  const downside = Math.sqrt(sum(returns.map((value) => Math.min(value, 0) ** 2)) / n)
  const growth = ((points.at(-1) ?? 1) / first) ** (365 / n) - 1
  let [peak, depth, run, longest] = [first, 0, 0, 0]
  for (const point of points) {
    run = point >= peak ? 0 : run + 1
    longest = Math.max(longest, run)
    peak = Math.max(peak, point)
    depth = Math.min(depth, point / peak - 1)
  }
  const sorted = returns.toSorted((a, b) => a - b)
  const [place, whole] = [(n - 1) / 20, Math.floor((n - 1) / 20)]
  const risk = (sorted[whole] ?? 0) + (place - whole) * ((sorted[whole + 1] ?? sorted[whole] ?? 0) - (sorted[whole] ?? 0))
  return {
    totalReturn: (points.at(-1) ?? 1) / first - 1, cagr365: growth, maxDrawdown: depth, maxUnderwaterDays: longest, sharpe365: over(average * Math.sqrt(365), deviation), sortino365: over(average * Math.sqrt(365), downside),
    calmar: depth === 0 ? null : growth / -depth, var95HistLinear: risk, cvar95Hist: mean(returns.filter((value) => value <= risk + 1e-15)),
  }
}

/** What ran, as far as it matters here. */
interface Account {
  readonly balance: number
  readonly start: number
  readonly end: number
}

/** The account on every candle, of one symbol. */
function candleFigures(fills: readonly Row[], candles: PlainCandles, { balance, start, end }: Account): Figures {
  const legs: Record<Leg, Held> = { long: flat(), short: flat() }
  const booked: Record<Leg, number> = { long: 0, short: 0 }
  const peaks = { total: balance, long: balance, short: balance }
  const depths = { total: 0, long: 0, short: 0 }
  const shares = { gross: 0, net: 0, long: 0, short: 0, inMarket: 0, timeLong: 0, timeShort: 0, hedged: 0, hedgeRatio: 0, maxGross: 0, maxLong: 0, maxShort: 0 }
  let [next, rows] = [0, 0]
  for (let row = 0; candles.start + row * candles.step < end; row++) {
    const time = candles.start + row * candles.step
    for (let fill = fills[next]; fill !== undefined && Number(fill['atMs']) < time + candles.step; fill = fills[++next]) book(legs, booked, fill)
    const price = candles.close[row] ?? Number.NaN
    const [l, s] = [legs.long, legs.short]
    const gains = { long: booked.long + l.qty * price - l.cost, short: booked.short + s.cost - s.qty * price }
    const equity = balance + gains.long + gains.short
    for (const [name, value] of [['total', equity], ['long', balance + gains.long], ['short', balance + gains.short]] as const) {
      peaks[name] = Math.max(peaks[name], value)
      depths[name] = Math.min(depths[name], value / peaks[name] - 1)
    }
    const [long, short] = [l.qty * price, s.qty * price]
    if (time < start) continue
    rows++
    shares.gross += (long + short) / equity
    shares.net += (long - short) / equity
    shares.long += long / equity
    shares.short += short / equity
    shares.timeLong += long > 0 ? 1 : 0
    shares.timeShort += short > 0 ? 1 : 0
    shares.inMarket += long + short > 0 ? 1 : 0
    shares.hedged += long > 0 && short > 0 ? 1 : 0
    shares.hedgeRatio += long + short > 0 ? (2 * Math.min(long, short)) / (long + short) : 0
    shares.maxGross = Math.max(shares.maxGross, (long + short) / equity)
    shares.maxLong = Math.max(shares.maxLong, long / equity)
    shares.maxShort = Math.max(shares.maxShort, short / equity)
  }
  const per = (value: number): number => value / rows
  return {
    'total.intradayMaxDrawdown': depths.total, 'long.intradayMaxDrawdown': depths.long, 'short.intradayMaxDrawdown': depths.short, 'total.hedgeBenefit': depths.total - Math.min(depths.long, depths.short),
    'total.grossExposureTwa': per(shares.gross), 'total.netExposureTwa': per(shares.net), 'long.grossExposureTwa': per(shares.long), 'long.netExposureTwa': per(shares.long), 'short.grossExposureTwa': per(shares.short), 'short.netExposureTwa': -per(shares.short),
    'total.timeInMarket': per(shares.inMarket), 'long.timeInMarket': per(shares.timeLong), 'short.timeInMarket': per(shares.timeShort), 'total.hedgedTimeRatio': per(shares.hedged), 'total.nakedTime': per(shares.inMarket - shares.hedged), 'total.hedgeRatioTwa': per(shares.hedgeRatio),
    'total.maxGrossLeverage': shares.maxGross, 'long.maxGrossLeverage': shares.maxLong, 'short.maxGrossLeverage': shares.maxShort,
  }
}

function book(legs: Record<Leg, Held>, booked: Record<Leg, number>, fill: Row): void {
  const leg = fill['leg'] === 'long' ? 'long' : 'short'
  const [price, qty, fee] = [Number(fill['price']), Number(fill['qty']), Number(fill['fee'])]
  const held = legs[leg]
  booked[leg] -= fee
  if (fill['intent'] === 'open') {
    held.qty += qty
    held.cost += qty * price
    return
  }
  const entry = held.cost / held.qty
  booked[leg] += (leg === 'long' ? 1 : -1) * qty * (price - entry)
  held.qty = Number((held.qty - qty).toFixed(10))
  held.cost = entry * held.qty
}

/** Every figure that fills, equity and candles determine. The run has one symbol, no funding, and nothing open at its end. */
export function recomputed(folder: string, candles: PlainCandles, { balance, start, end }: Account): Figures {
  const [fills, equity] = [rowsOf(join(folder, 'fills.csv')), rowsOf(join(folder, 'equity.csv'))]
  const { trades, notional } = roundTrips(fills)
  const figures: Figures = { ...candleFigures(fills, candles, { balance, start, end }), fills: fills.length, liquidations: 0, insuranceUsed: 0 }
  const daily = equity.filter(({ atMs }, index) => index === 0 || Number(atMs) === end || (Number(atMs) % DAY === 0 && Number(atMs) !== start))
  for (const column of ['total', 'long', 'short'] as const) {
    const own = column === 'total' ? trades : trades.filter(({ leg }) => leg === column)
    const points = daily.map((point) => (column === 'total' ? Number(point['equity']) : balance + Number(point[column])))
    const traded = column === 'total' ? notional.long + notional.short : notional[column]
    const figuresOfColumn: Figures = {
      ...tradeFigures(own), ...equityFigures(points), totalPnl: sum(own.map(({ net }) => net)), openPnl: 0, funding: 0, turnover: over(traded, mean(points)), feesToTurnover: over(sum(own.map(({ fees }) => fees)), traded),
      ...(column === 'total' ? {} : { liquidations: 0 }),
    }
    for (const [name, value] of Object.entries(figuresOfColumn)) figures[`${column}.${name}`] = value
  }
  return figures
}

/** Gains by month from the last point of each. */
export function recomputedMonths(folder: string): { readonly month: string; readonly gain: number; readonly long: number; readonly short: number }[] {
  const equity = rowsOf(join(folder, 'equity.csv')).map((row) => ({ at: Number(row['atMs']), gain: Number(row['equity']), long: Number(row['long']), short: Number(row['short']) }))
  const ends = new Map(equity.slice(1).map((point) => [new Date(point.at - 1).toISOString().slice(0, 7), point]))
  let [before] = equity
  return [...ends].map(([month, end]) => {
    const start = before ?? end
    before = end
    return { month, gain: end.gain - start.gain, long: end.long - start.long, short: end.short - start.short }
  })
}

/** The points of `equity.csv`. */
export function equityOf(folder: string): readonly { readonly equity: number; readonly long: number; readonly short: number }[] {
  return rowsOf(join(folder, 'equity.csv')).map((row) => ({ equity: Number(row['equity']), long: Number(row['long']), short: Number(row['short']) }))
}

/** The rows of `fills.csv`. */
export function fillsOf(folder: string): readonly Row[] {
  return rowsOf(join(folder, 'fills.csv'))
}
