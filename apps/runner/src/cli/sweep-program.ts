/** The command `sweep` and its flags. */
import { Option, type Command } from 'commander'
import { CONFIG_KEYS } from '../config/keys.ts'
import type { ExitCode } from './exit-codes.ts'
import { optionOf, withoutColour } from './key-options.ts'
import type { SweepFlags } from './sweep-command.ts'

const GRID_FLAGS: readonly (readonly [string, string])[] = [
  ['--most-sets <n>', 'refuse a larger grid (default: 10000)'],
  ['--workers <n>', 'threads (default: one a core)'],
]
const OUTPUT_FLAGS: readonly (readonly [string, string])[] = [
  ['--sort <metric>', 'metric of the account, or of a leg: long.sharpe365 (default: totalPnl)'],
  ['--ascending', 'smallest first'],
  ['--limit <n>', 'rows of the table (default: 20)'],
  ['--out <file.json|file.csv>', 'write all runs to a file'],
  ['--json', 'print all runs as one JSON object, and nothing else'],
  ['--quiet', 'no progress'],
  ['--no-color', 'no colours (NO_COLOR is honoured as well)'],
]

/** Adds `hedgerow sweep`. */
export function addSweep(program: Command, end: (code: ExitCode) => void): void {
  const command = program.command('sweep')
    .summary('run a strategy with many sets of parameters')
    .description('Runs a strategy once for every combination of parameters, on all cores, and\nprints the best with what each leg made of them. Reads hedgerow.config.ts and\nthe same flags as backtest.')
    .addOption(new Option('--config <file>', 'configuration (left out: hedgerow.config.ts of this folder, if there is one)').helpGroup('What to run:'))
  for (const { flag, ...key } of CONFIG_KEYS) {
    if (flag === undefined || flag.group === 'Output') continue
    command.addOption(key.key === 'routes[].params' ? optionOf(key, { ...flag, group: 'What to run', flags: '--param <name[=values]>', meaning: 'values of a parameter: fast=5:20:5, fast=5,8,13, fast=8, or fast for the range that the strategy declares' }) : optionOf(key, flag))
  }
  for (const [flags, meaning] of GRID_FLAGS) command.addOption(new Option(flags, meaning).helpGroup('Grid:'))
  for (const [flags, meaning] of OUTPUT_FLAGS) command.addOption(new Option(flags, meaning).helpGroup('Output:'))
  command.addHelpText('after', SWEEP_HELP).action(async ({ out, ...flags }: SweepFlags & { readonly out?: string; readonly color?: boolean }) => {
    if (flags.color === false) withoutColour()
    end(await (await import('./sweep-command.ts')).sweepCommand({ ...flags, ...(out === undefined ? {} : { outFile: out }) }))
  })
}

const SWEEP_HELP = `
Without --param every parameter that declares .min(), .max() and
.meta({ step }) is varied.

Examples:
  # two parameters, sixteen sets
  hedgerow sweep --param fast=5:20:5 --param slow=20,30,40,50

  # the declared range of one, another fixed, by the worst fall of the account
  hedgerow sweep --param stop --param fast=8 --sort intradayMaxDrawdown --limit 5

  # everything, for a spreadsheet
  hedgerow sweep --param fast=5:20 --out sweep.csv

A set that fails is reported with its parameters; the others go on.
Exit codes: 0 done, 1 every set failed, 2 wrong usage or configuration,
130 interrupted.
`
