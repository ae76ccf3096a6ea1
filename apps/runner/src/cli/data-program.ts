/** The `hedgerow data` commands: their flags and help. Each loads its code when it is called. */
import type { Command } from 'commander'
import type { ImportFlags } from './data-import-command.ts'
import type { FetchFlags } from './data-fetch-command.ts'
import type { DataFlags } from './data-options.ts'
import type { ExportFlags } from './data-export-command.ts'
import type { SynthFlags } from './data-synth-command.ts'
import type { ExitCode } from './exit-codes.ts'

type End = (code: ExitCode) => void

/** Adds `data` with its own commands to a program. */
export function addDataCommands(program: Command, end: End): void {
  const data = program.command('data')
    .summary('import, list, check and export market data')
    .description('Keeps candles, mark prices and funding rates in a data folder, from which backtests take them by symbol.')
    .helpCommand(false)
    .addHelpText('after', DATA_HELP)
  for (const add of [addImport, addFetch, addList, addCheck, addExport, addSynth]) {
    const command = add(data, end)
    command.option('--data <folder>', 'data folder (default: $HEDGEROW_DATA, else hedgerow-data)')
  }
}

function addImport(data: Command, end: End): Command {
  return namedSeries(data.command('import')
    .summary('add files to the data folder')
    .description('Adds csv, csv.gz or Parquet files to the data folder. Columns, units and spacing are found out, venue and symbol where the name of a file tells them; flags say what is not.\nA file is checked as a whole before any of it is stored. An import that was cut short is continued by starting it again.')
    .argument('<file...>', 'files such as binance-usdm_ETHUSDT_1m.csv.gz'))
    .option('--column <ours=theirs>', 'name of a column in the file, such as close=last; repeat it for more', (text: string, before: readonly string[] | undefined) => [...(before ?? []), text])
    .option('--time-unit <unit>', 'unit of times that are numbers: s, ms, us, ns (left out: by their size)')
    .option('--overlap <rule>', 'rows that differ from stored ones: fail, keep the stored, replace them', 'fail')
    .option('--skip-invalid', 'leave out rows that cannot be right, instead of refusing the file')
    .addHelpText('after', IMPORT_HELP)
    .action(async (files: readonly string[], flags: ImportFlags) => { end(await (await import('./data-import-command.ts')).dataImportCommand(files, flags)) })
}

function addFetch(data: Command, end: End): Command {
  return data.command('fetch')
    .summary('download history of a venue')
    .description('Downloads candles, mark prices and funding rates of a venue into the data folder. Needs no key.\nStarted again it goes on after the last row that is stored.')
    .argument('<venue>', 'bybit')
    .argument('<symbol...>', 'contracts such as ETHUSDT')
    .option('--kinds <list>', 'what to fetch', 'candles,marks,funding')
    .option('--timeframe <text>', 'spacing of candles and marks', '1m')
    .option('--start <date>', 'first moment, ISO or ms UTC (left out: a year ago)')
    .option('--end <date>', 'end, exclusive (left out: now)')
    .option('--url <url>', 'another address that speaks the protocol, such as that of a local venue')
    .action(async (venue: string, symbols: readonly string[], flags: FetchFlags) => { end(await (await import('./data-fetch-command.ts')).dataFetchCommand(venue, symbols, flags)) })
}

function addList(data: Command, end: End): Command {
  return data.command('list')
    .summary('show what is stored')
    .description('Shows every stored series with its range.')
    .option('--json', 'print one JSON array, and nothing else')
    .action(async (flags: DataFlags) => { end(await (await import('./data-list-command.ts')).dataListCommand(flags)) })
}

function addCheck(data: Command, end: End): Command {
  return namedSeries(data.command('check')
    .summary('read everything and say what is wrong or missing')
    .description('Reads every row of the series that the flags name (all without flags), compares each file with the hash that was\nwritten with it, and reports gaps and violations. Ends with 1 where there are violations; gaps are none.'))
    .option('--json', 'print one JSON array, and nothing else')
    .action(async (flags: DataFlags) => { end(await (await import('./data-check-command.ts')).dataCheckCommand(flags)) })
}

function addExport(data: Command, end: End): Command {
  return namedSeries(data.command('export')
    .summary('write a series to a file')
    .description('Writes one series to a file. An import of the file gives the same rows, bit for bit.'))
    .option('--start <date>', 'first moment, ISO or ms UTC (left out: the beginning)')
    .option('--end <date>', 'end, exclusive (left out: the end)')
    .option('--format <format>', 'csv, csv.gz or parquet (left out: by the ending of --out, else csv.gz)')
    .option('--out <file>', 'file to write (left out: named after the series, in this folder)')
    .option('--force', 'replace a file of this name')
    .action(async (flags: ExportFlags) => { end(await (await import('./data-export-command.ts')).dataExportCommand(flags)) })
}

function addSynth(data: Command, end: End): Command {
  return data.command('synth')
    .summary('make up a market, to try things out')
    .description('Makes up candles with clusters of volatility, jumps and volume, mark prices and funding rates that belong to them.\nThey are stored under the venue `synthetic` and labelled so in every result.')
    .option('--seed <n>', 'whole number; the same seed and flags give the same data', '1')
    .option('--symbol <name>', 'symbol to make up; what was made up for it before is replaced', 'ETHUSDT')
    .option('--timeframe <text>', 'spacing of candles and marks', '1m')
    .option('--start <date>', 'first candle, ISO or ms UTC', '2024-01-01')
    .option('--end <date>', 'end, exclusive', '2025-01-01')
    .option('--price <n>', 'first price', '1700')
    .option('--tick-size <n>', 'grid of the prices', '0.01')
    .option('--volatility <n>', "standard deviation of a year's return, as a fraction", '0.7')
    .option('--volume <n>', 'mean volume of a candle', '400')
    .action(async (flags: SynthFlags) => { end(await (await import('./data-synth-command.ts')).dataSynthCommand(flags)) })
}

function namedSeries(command: Command): Command {
  return command
    .option('--venue <name>', 'the market that printed the data, as you file it: bybit-linear, binance-usdm')
    .option('--symbol <name>', 'symbol, such as ETHUSDT')
    .option('--kind <kind>', 'candles, marks or funding')
    .option('--timeframe <text>', 'spacing of candles: 1m, 15m, 1h')
}

const DATA_HELP = `
Start here:
  hedgerow data import binance-usdm_ETHUSDT_1m.csv.gz
  hedgerow data list
  hedgerow backtest --strategy ./ema-hedge.ts --symbol ETHUSDT --timeframe 15m

The data folder is --data, else $HEDGEROW_DATA, else ./hedgerow-data. It holds
Parquet files that other tools can read: venue/symbol/kind/timeframe/2025-05.parquet.
`

const IMPORT_HELP = `
Examples:
  # all is in the name: venue_SYMBOL_timeframe, venue_SYMBOL_mark_1h, venue_SYMBOL_funding
  hedgerow data import binance-usdm_ETHUSDT_1m.csv.gz binance-usdm_ETHUSDT_funding.csv.gz

  # another file: say what it is
  hedgerow data import eth.csv --venue bybit-linear --symbol ETHUSDT --column time=ts --column volume=qty

Exit codes: 0 all files imported, 1 a file was refused, 2 wrong usage, 130 interrupted.
`
