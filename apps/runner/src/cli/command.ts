/** The command line. Commands load their code when they are called, so that help is quick. */
import { Command, CommanderError, Option } from 'commander'
import { CONFIG_KEYS } from '../config/keys.ts'
import { EXAMPLE_CONFIG, EXAMPLE_FLAGS } from '../config/starting.ts'
import { VERSION } from '../version.ts'
import type { BacktestFlags } from './backtest-command.ts'
import { addDataCommands } from './data-program.ts'
import { addLiveCommands } from './live-program.ts'
import type { ReportFlags } from './report-command.ts'
import type { WhyFlags } from './why-command.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { addVenueCommands } from './venue-program.ts'
import { optionOf, withoutColour } from './key-options.ts'
import { addSweep } from './sweep-program.ts'

/** Runs a command line without its program name and says how it ended. */
export async function runCommand(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.done
  const program = programOf(args, (ended) => { code = ended })
  try {
    await program.parseAsync(askedFor(args), { from: 'user' })
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT.done : await usageError(error, helpOf(program, args))
  }
}

/** Command lines that only help can answer. */
const NEED_MORE: ReadonlySet<string> = new Set(['', 'data', 'venue'])

/** `hedgerow help data` is `hedgerow data --help`. */
function askedFor(args: readonly string[]): readonly string[] {
  if (args[0] === 'help') return [...args.slice(1), '--help']
  return NEED_MORE.has(args.join(' ')) ? [...args, '--help'] : args
}

/** The command line that explains the command that was meant. */
function helpOf(program: Command, args: readonly string[]): string {
  let command = program
  const names = [program.name()]
  for (const arg of args) {
    const inner = command.commands.find((each) => each.name() === arg)
    if (inner === undefined) break
    command = inner
    names.push(arg)
  }
  return `See \`${names.join(' ')} --help\`.`
}

/** Adds commands with all their flags. */
type Add = (program: Command, end: (code: ExitCode) => void, args: readonly string[]) => void

/** The commands, in the order of the help. Only what is asked for is added: flags take time to make. */
const COMMANDS: readonly { readonly names: readonly string[]; readonly add: Add }[] = [
  { names: ['backtest'], add: addBacktest },
  { names: ['sweep'], add: addSweep },
  { names: ['params'], add: addParams },
  { names: ['why'], add: addWhy },
  { names: ['report'], add: addReport },
  { names: ['live', 'paper', 'doctor', 'status', 'kill', 'resume', 'stop', 'replay'], add: addLiveCommands },
  { names: ['data'], add: addDataCommands },
  { names: ['venue'], add: addVenueCommands },
]

function programOf(args: readonly string[], end: (code: ExitCode) => void): Command {
  const program = new Command('hedgerow')
    .description('Backtest perpetual futures in hedge mode: a long and a short leg on one symbol at the same time.')
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .addHelpText('after', PROGRAM_HELP)
  const asked = COMMANDS.filter(({ names }) => names.includes(args[0] ?? ''))
  for (const { add } of asked.length > 0 ? asked : COMMANDS) add(program, end, args)
  for (const command of program.commands) for (const each of [command, ...command.commands]) each.copyInheritedSettings(program)
  return program
}

function addBacktest(program: Command, end: (code: ExitCode) => void, args: readonly string[]): void {
  const command = program.command('backtest')
    .summary('run a strategy over candles')
    .description('Runs strategies over candles and prints what each leg and the account made of it.\nReads hedgerow.config.ts, or flags, or both: flags win.')
    .addOption(new Option('--config <file>', 'configuration (left out: hedgerow.config.ts of this folder, if there is one)').helpGroup('What to run:'))
  for (const { flag, ...key } of CONFIG_KEYS) if (flag !== undefined) command.addOption(optionOf(key, flag))
  for (const [flags, meaning] of OUTPUT_FLAGS) command.addOption(new Option(flags, meaning).helpGroup('Output:'))
  command.addHelpText('after', BACKTEST_HELP)
    .action(async (flags: BacktestFlags & { readonly color?: boolean }) => {
      if (flags.color === false) withoutColour()
      if (flags.watch === true) return end(await (await import('./watch-command.ts')).watchCommand(args, { ...flags, strategy: flags['strategy'] }))
      end(await (await import('./backtest-command.ts')).backtestCommand(flags))
    })
}

function addParams(program: Command, end: (code: ExitCode) => void): void {
  program.command('params')
    .summary('list the parameters of a strategy')
    .description('Lists the parameters of a strategy with range, default and meaning.')
    .argument('<strategy>', 'file or installed package whose default export extends Strategy')
    .action(async (strategy: string) => { end(await (await import('./params-command.ts')).paramsCommand(strategy)) })
}

function addReport(program: Command, end: (code: ExitCode) => void): void {
  program.command('report')
    .summary('make the page of a finished run')
    .description('Makes one self-contained HTML page of a run that `hedgerow backtest --out RUN` has written: both legs in charts and tables.\nSeveral runs are put side by side. With --import it is the page of fills that were exported elsewhere.')
    .argument('<run...>', 'folder of a run; with --import the files of one export')
    .option('--out <path>', 'page to write (left out: named after the run, in this folder); with --import anything but a .html is a folder, as a backtest writes it')
    .option('--open', 'show the page, or the picture, in the program for such files')
    .option('--png <file>', 'draw the charts as a picture instead, or with --out as well; no browser is needed')
    .option('--theme <theme>', 'of the picture: light or dark (left out: light)')
    .addOption(new Option('--import <format>', 'read exported fills: bybit, binance, freqtrade or passivbot').helpGroup('Import:'))
    .addOption(new Option('--balance <amount>', 'what the account held before the first fill, where the export does not say').helpGroup('Import:'))
    .addOption(new Option('--candles <[symbol=]file>', 'candles beside the fills (left out: the prices of the fills)').argParser(several).helpGroup('Import:'))
    .addOption(new Option('--position-mode <mode>', 'hedge or one-way, where the export does not say').helpGroup('Import:'))
    .addOption(new Option('--income <file>', 'binance: income, for its funding').helpGroup('Import:'))
    .addOption(new Option('--asset-price <asset=price>', 'binance: worth of an asset that fees were paid in').argParser(several).helpGroup('Import:'))
    .addHelpText('after', REPORT_HELP)
    .action(async (runs: readonly string[], flags: ReportFlags) => { end(await (await import('./report-command.ts')).reportCommand(runs, flags)) })
}

/** Collects the values of an option that may come several times. */
function several(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text]
}

function addWhy(program: Command, end: (code: ExitCode) => void): void {
  program.command('why')
    .summary('explain an order or a bar of a finished run')
    .description('Explains a denial, a fill or a missed fill, from what `hedgerow backtest --out RUN` has written.\nWithout an order or a bar it lists what there is to ask about.')
    .argument('<run>', 'folder of the run')
    .argument('[about]', 'an order by its number or tag, or a bar: bar:7, or a moment in it such as 2023-10-05T12:30')
    .option('--candles <[symbol=]file>', 'candles of the run, where their file has moved', several)
    .addHelpText('after', WHY_HELP)
    .action(async (run: string, about: string | undefined, flags: WhyFlags) => { end(await (await import('./why-command.ts')).whyCommand(run, about, flags)) })
}

const OUTPUT_FLAGS: readonly (readonly [string, string])[] = [
  ['--report <file>', 'also make the page of the run: one self-contained HTML file'],
  ['--parquet', 'with --out: trades, fills, equity and positions as Parquet too'],
  ['--counterfactual', 'also run it without its short leg, without its long leg and one-way, and print what the hedge bought'],
  ['--json', 'print the result as one JSON object, and nothing else'],
  ['--quiet', 'no progress and no log lines'],
  ['--watch', 'run again whenever the strategy or the configuration has changed'],
  ['--no-color', 'no colours (NO_COLOR is honoured as well)'],
]

async function usageError({ message }: CommanderError, help: string): Promise<ExitCode> {
  const [{ HedgerowError }, { errorReport }, { paintFor }] = await Promise.all([import('@hedgerow/core'), import('./report-error.ts'), import('../output/paint.ts')])
  const [found = '', hint] = message.replace(/^error: /, '').split('\n')
  const error = new HedgerowError('USAGE_INVALID', { where: 'command line', found, remedy: hint === undefined ? help : `${hint.replace(/^\((.*)\)$/, '$1')} ${help}` })
  process.stderr.write(errorReport(error, paintFor(process.stderr)))
  return EXIT.usage
}

const REPORT_HELP = `
Examples:
  hedgerow backtest --out run
  hedgerow report run --open
  hedgerow report run other-run --out both.html
  hedgerow report run --png run.png --theme dark
  hedgerow report --import bybit executions.json --balance 10000 --open
  hedgerow report --import bybit executions.json --balance 10000 --out account

The page opens from disk, asks nothing of a network and can be sent to a friend.
\`hedgerow backtest --report FILE.html\` makes it right after a run.
`

const PROGRAM_HELP = `
Start here:
  hedgerow backtest --help       every flag, with examples
  hedgerow backtest              run hedgerow.config.ts of this folder
  hedgerow sweep --help          try many sets of parameters, on all cores
  hedgerow why --help            ask a finished run why an order did not fill
  hedgerow data --help           import market data, once, and name it by symbol
  hedgerow venue --help          start a local venue: a testnet in a box

Exit codes: 0 done, 1 the run failed, 2 wrong usage or configuration, 78 Node is
too old, 130 interrupted.
`

const WHY_HELP = `
Examples:
  hedgerow why out               orders by what became of them
  hedgerow why out 12            why order 12 filled, or did not
  hedgerow why out rung-1        the last orders of this tag
  hedgerow why out bar:7         what was sent at the close of bar 7, and what rested
`

const BACKTEST_HELP = `
Examples:
  # what hedgerow.config.ts says, with another leverage, files into ./out
  hedgerow backtest --leverage 3 --out out

  # without a configuration: a strategy, a symbol, candles
${EXAMPLE_FLAGS}

  # parameters of the strategy, a window, and the result for another program
  hedgerow backtest --param fast=5 --param slow=30 --start 2023-10-05 --json

A configuration:
${EXAMPLE_CONFIG}

Candle files have the columns timestamp_ms (or s, or ISO 8601), open, high, low,
close, volume. Every key: docs/configuration.md.
Exit codes: 0 done, 1 the run failed, 2 wrong usage or configuration,
130 interrupted.
`
