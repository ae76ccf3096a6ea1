/** `hedgerow venue bybit`: a local venue until it is told to stop. */
import { HedgerowError, MINUTE_MS, timeText, type CandleColumns, type MarginMode, type PositionMode, type TimeMs } from '@hedgerow/core'
import { bybitUta } from '@hedgerow/driver-bybit'
import { countText } from '@hedgerow/report/run'
import { startBybitLab, type BybitLab } from '@hedgerow/venue-lab'
import { basename } from 'node:path'
import { loadCandles } from '../data/load.ts'
import { paintFor } from '../output/paint.ts'
import { idOfName } from '../store/file-name.ts'
import { factLine, reporting } from './data-options.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** Flags of the command; commander fills in the defaults. */
export interface VenueFlags {
  readonly candles?: readonly string[]
  readonly symbols?: string
  readonly history: string
  readonly speed: string
  readonly port?: string
  readonly controlPort?: string
  readonly balance: string
  readonly leverage: string
  readonly positionMode: string
  readonly marginMode: string
}

/** A replay that has been moved to the present. */
interface Replay {
  readonly series: Readonly<Record<string, { readonly candles: CandleColumns }>>
  readonly from: TimeMs
  readonly minutes: number
}

/** Starts a venue and returns when it is interrupted. */
export async function venueCommand(flags: VenueFlags): Promise<ExitCode> {
  return await reporting(async () => {
    const speed = numberOf('--speed', flags.speed, { above: 0 })
    const replay = moved(await readSeries(flags), { history: numberOf('--history', flags.history, { above: -1 }), now: Date.now() })
    const lab = await startBybitLab({
      profile: bybitUta, market: { type: 'candles', series: replay.series, from: replay.from }, balance: String(numberOf('--balance', flags.balance, { above: 0 })), leverage: String(numberOf('--leverage', flags.leverage, { above: 0 })),
      positionMode: oneOf('--position-mode', flags.positionMode, ['one-way', 'hedge'] satisfies PositionMode[]), marginMode: oneOf('--margin-mode', flags.marginMode, ['cross', 'isolated'] satisfies MarginMode[]),
      port: numberOf('--port', flags.port ?? '0', { above: -1 }), controlPort: numberOf('--control-port', flags.controlPort ?? '0', { above: -1 }), seed: String(Date.now()),
    }).catch((error: unknown) => { throw refusedPort(error) })
    process.stdout.write(welcome(lab, replay, flags, speed))
    lab.control.play(speed)
    const watch = process.stdout.isTTY ? setInterval(() => process.stdout.write(`\r\u001B[2K  ${lineOf(lab)}`), 1000) : undefined
    await interrupted()
    clearInterval(watch)
    process.stdout.write(`${process.stdout.isTTY ? '\r\u001B[2K' : ''}${factLine('ended', lineOf(lab))}`)
    await lab.close()
    return EXIT.done
  })
}

async function readSeries({ candles = [], symbols }: VenueFlags): Promise<Readonly<Record<string, CandleColumns>>> {
  if (candles.length === 0) throw usage('--candles', 'nothing', 'a file with candles of one minute')
  const names = symbols?.split(',').map((name) => name.trim()) ?? candles.map((file) => idOfName(file).symbol ?? '')
  if (names.length !== candles.length) throw usage('--symbols', `${names.length} names for ${candles.length} files`, 'one for each file, in their order')
  const series: Record<string, CandleColumns> = {}
  for (const [index, file] of candles.entries()) {
    const symbol = names[index] ?? ''
    if (symbol === '') throw usage('--symbols', `no symbol in the name of ${basename(file)}`, 'its symbol, such as ETHUSDT')
    const data = await loadCandles(file)
    if (data.step !== MINUTE_MS) throw usage('--candles', `${basename(file)} has a candle every ${countText(data.step / 1000)} s`, 'candles of one minute')
    series[symbol] = data
  }
  return series
}

/**
 * Moves candles to the present: the replay begins at this minute. A market that goes faster than the wall takes the venue's clock along, and
 * requests that are stamped by the wall stay good.
 */
function moved(series: Readonly<Record<string, CandleColumns>>, options: { readonly history: number; readonly now: TimeMs }): Replay {
  const start = Math.max(...Object.values(series).map((candles) => candles.start))
  const end = Math.min(...Object.values(series).map((candles) => candles.start + candles.length * MINUTE_MS))
  const minutes = Math.floor((end - start) / MINUTE_MS)
  if (minutes < 2) throw new HedgerowError('DATA_EMPTY', { where: '--candles', found: 'files that share no range', expected: 'candles of the same time' })
  const history = Math.max(1, Math.min(Math.floor(options.history), Math.floor(minutes / 2)))
  const from = Math.floor(options.now / MINUTE_MS) * MINUTE_MS
  const shift = from - (start + history * MINUTE_MS)
  return {
    from, minutes: minutes - history,
    series: Object.fromEntries(Object.entries(series).map(([symbol, { start: first, step, length, open, high, low, close, volume }]) => [symbol, { candles: { start: first + shift, step, length, open, high, low, close, volume } }])),
  }
}

function welcome(lab: BybitLab, { series, from, minutes }: Replay, { balance, leverage, positionMode, marginMode }: VenueFlags, speed: number): string {
  const paint = paintFor(process.stdout)
  return [
    `\n  ${paint('title', 'a local Bybit')}  V5 linear; no money is at stake\n`,
    factLine('REST', lab.restUrl),
    factLine('streams', `${lab.publicWsUrl}\n${' '.repeat(14)}${lab.privateWsUrl}`),
    factLine('control', `${lab.controlUrl ?? ''}  ${paint('quiet', 'GET / lists what it can do')}`),
    factLine('key', `BYBIT_API_KEY=${lab.credentials.key}\n${' '.repeat(14)}BYBIT_API_SECRET=${lab.credentials.secret}  ${paint('quiet', 'made up for this lab')}`),
    factLine('market', `${Object.keys(series).join(', ')}: ${countText(minutes)} minutes from ${timeText(from)} on, in ${lastsText((minutes / speed) * MINUTE_MS)}`),
    factLine('account', `${balance} USDT, ${positionMode}, ${marginMode}, leverage ${leverage}`),
    `\n  ${paint('quiet', 'Ctrl-C ends it.')}\n\n`,
  ].join('')
}

/** Market time, prices and what the account holds. */
function lineOf(lab: BybitLab): string {
  const { marketTime, wallet, symbols, orders } = lab.control.state()
  const held = symbols.map(({ symbol, lastPrice, long, short }) => `${symbol} ${lastPrice ?? '-'} long ${long.qty} short ${short.qty}`)
  return `${timeText(marketTime - (marketTime % 1000))}  ${held.join('  ')}  ${orders.length} orders  wallet ${wallet}`
}

function lastsText(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS))
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

async function interrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      process.off('SIGINT', end).off('SIGTERM', end)
      resolve()
    }
    process.on('SIGINT', end).on('SIGTERM', end)
  })
}

function numberOf(flag: string, text: string, { above }: { readonly above: number }): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= above) throw usage(flag, `"${text}"`, above < 0 ? 'a number from zero' : `a number above ${above}`)
  return value
}

function oneOf<T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text)
  if (found === undefined) throw usage(flag, `"${text}"`, choices.join(' or '))
  return found
}

/** A port that the system does not give, in the words of the command line. */
function refusedPort(error: unknown): unknown {
  if (!(error instanceof Error) || !('port' in error) || !('code' in error)) return error
  return usage('--port or --control-port', `port ${String(error.port)}: ${error.code === 'EADDRINUSE' ? 'another program listens there' : String(error.code)}`, 'a free port; left out, one is found')
}

function usage(where: string, found: string, expected: string): HedgerowError {
  return new HedgerowError('USAGE_INVALID', { where, found, expected, remedy: 'See `hedgerow venue bybit --help`.' })
}
