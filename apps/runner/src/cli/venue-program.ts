/** The `hedgerow venue` commands: their flags and help. */
import type { Command } from 'commander'
import type { ExitCode } from './exit-codes.ts'
import type { VenueFlags } from './venue-command.ts'

/** Adds `venue` with its own commands to a program. */
export function addVenueCommands(program: Command, end: (code: ExitCode) => void): void {
  const venue = program.command('venue')
    .summary('start a local venue: a testnet in a box')
    .description('Starts a venue on this machine that speaks the real protocol over recorded prices, for bots to trade on without money.')
    .helpCommand(false)
    .addHelpText('after', VENUE_HELP)
  venue.command('bybit')
    .summary('Bybit V5, USDT perpetuals')
    .description('Starts a local Bybit: V5 linear over HTTP and WebSocket, with its rules, margin and fees. Candles are replayed from a file, moved to the present; past their end prices stand still.')
    .option('--candles <file>', 'candles of one minute; repeat it for more symbols', (text: string, before: readonly string[] | undefined) => [...(before ?? []), text])
    .option('--symbols <names>', 'their symbols, with commas between (left out: by the names of the files)')
    .option('--history <minutes>', 'how much of the candles lies before the start, for indicators to warm up', '1440')
    .option('--speed <n>', 'market minutes in a minute', '1')
    .option('--port <n>', 'port of the venue (left out: a free one)')
    .option('--control-port <n>', 'port of the control: faults, prices, the account (left out: a free one)')
    .option('--balance <n>', 'USDT in the account', '10000')
    .option('--leverage <n>', 'of every leg', '10')
    .option('--position-mode <mode>', 'one-way or hedge, of every symbol', 'one-way')
    .option('--margin-mode <mode>', 'cross or isolated', 'cross')
    .addHelpText('after', BYBIT_HELP)
    .action(async (flags: VenueFlags) => { end(await (await import('./venue-command.ts')).venueCommand(flags)) })
}

const VENUE_HELP = `
Start here:
  hedgerow venue bybit --candles bybit-linear_ETHUSDT_1m.csv.gz --speed 60
`

const BYBIT_HELP = `
Examples:
  # an hour a minute, on a port that stays the same
  hedgerow venue bybit --candles bybit-linear_ETHUSDT_1m.csv.gz --speed 60 --port 8080

  # two symbols, in hedge mode from the start
  hedgerow venue bybit --candles eth.csv --candles btc.csv --symbols ETHUSDT,BTCUSDT --position-mode hedge

  # from another shell: lose the next answer to an order, after it was taken
  curl -d '{"type":"lost-response","route":"/v5/order/create"}' http://127.0.0.1:PORT/faults

Key and secret are made up for this lab and good for nothing else.
Exit codes: 0 ended, 1 it could not start, 2 wrong usage.
`
