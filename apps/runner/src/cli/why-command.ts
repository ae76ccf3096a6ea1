/** `hedgerow why`: explains an order or a bar of a finished run. */
import { resolve } from 'node:path'
import { HedgerowError, timeText } from '@hedgerow/core'
import { readFlags } from '../config/flags.ts'
import { paintFor, type Paint } from '../output/paint.ts'
import { barStory, type Part } from '../why/bar-story.ts'
import type { FillRules } from '../why/missed-fill.ts'
import { eventsOf, orderStory, type Story } from '../why/order-story.ts'
import { overviewOf } from '../why/overview.ts'
import { candlesOf, type KnownCandles } from '../why/recorded-candles.ts'
import { readRun, type RecordedRun } from '../why/recorded-run.ts'
import { subjectOf } from '../why/subject.ts'
import { reporting } from './data-options.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** The flags of `why`. */
export interface WhyFlags {
  readonly candles?: readonly string[]
}

/** Prints what {@link explanation} says. */
export async function whyCommand(folder: string, about: string | undefined, flags: WhyFlags): Promise<ExitCode> {
  return await reporting(async () => {
    process.stdout.write(await explanation(folder, about, flags, paintFor(process.stdout)))
    return EXIT.done
  })
}

/** Why an order was denied, filled or missed, or what went on in a bar; without a subject, what there is to ask about. */
export async function explanation(folder: string, about: string | undefined, { candles = [] }: WhyFlags, paint: Paint): Promise<string> {
  const run = await readRun(resolve(process.cwd(), folder))
  const given = givenFiles(run, candles)
  return about === undefined ? overviewText(run, folder, paint) : await answer(run, about, given, paint)
}

async function answer(run: RecordedRun, about: string, given: ReadonlyMap<string, string>, paint: Paint): Promise<string> {
  const subject = subjectOf(run, about)
  const rules = rulesOf(run)
  const symbols = 'orders' in subject ? subject.orders.map(({ symbol }) => symbol) : subject.bars.flatMap(({ route }) => route.symbol.split('+'))
  const known = new Map<string, KnownCandles>()
  for (const symbol of new Set(symbols)) known.set(symbol, await candlesOf(run, symbol, given.get(symbol) ?? null))
  if ('bars' in subject) return subject.bars.map((bar) => partsText(`Bar ${bar.index} of ${bar.route.name}, ${bar.route.symbol} ${bar.route.timeframe}: ${timeText(bar.start)} to ${timeText(bar.end)}`, barStory(run, bar, known, rules), paint)).join('')
  return subject.orders.map((order) => storyText(orderStory(run, eventsOf(run.events, order.id), { order, candles: known.get(order.symbol) ?? { unknown: 'the run has no candles of it' }, rules }), paint)).join('')
}

/** What the run recorded; the profiles of this version say `through` but for `jesse`. */
function rulesOf({ header, sources }: RecordedRun): FillRules {
  return { limitFill: sources?.limitFill ?? header.sim.limitFill ?? (header.profile === 'jesse' ? 'touch' : 'through'), sharesVolume: header.sim.volumeShare !== undefined }
}

function givenFiles({ header }: RecordedRun, candles: readonly string[]): ReadonlyMap<string, string> {
  const { files } = readFlags({ candles })
  const symbols = header.data.map(({ symbol }) => symbol)
  return new Map(files.candles.map(({ symbol, path }) => {
    const named = symbol ?? (symbols.length === 1 ? symbols[0] : undefined)
    if (named === undefined) throw new HedgerowError('USAGE_INVALID', { where: '--candles', found: `"${path}" and the symbols ${symbols.join(', ')}`, expected: `--candles ${symbols[0] ?? 'SYMBOL'}=${path}`, remedy: 'Write the symbol before the file.' })
    return [named, resolve(process.cwd(), path)]
  }))
}

function overviewText(run: RecordedRun, folder: string, paint: Paint): string {
  return `${partsText(`Orders of the run in ${folder}`, overviewOf(run), paint)}  hedgerow why ${folder} 1             one order, by its number or tag\n  hedgerow why ${folder} bar:0         one bar, by its index or a moment in it\n\n`
}

function storyText({ title, facts, steps, because }: Story, paint: Paint): string {
  const rows = steps.map(({ at, text }) => `  ${timeText(at).padEnd(26)}${text}\n`)
  return `\n  ${paint('title', title)}\n  ${paint('quiet', facts)}\n\n${rows.join('')}\n${because.map((text) => folded(text)).join('')}\n`
}

function partsText(title: string, parts: readonly Part[], paint: Paint): string {
  return `\n  ${paint('title', title)}\n\n${parts.map((part) => `  ${paint('quiet', part.title)}\n${part.lines.map((line) => folded(line)).join('')}\n`).join('')}`
}

/** A text in lines that fit the screen, indented. */
function folded(text: string): string {
  const width = Math.max(40, Math.min(process.stdout.columns ?? 100, 100)) - 4
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].map((each) => `  ${each}\n`).join('')
}
