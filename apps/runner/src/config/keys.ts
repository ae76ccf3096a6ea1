/**
 * Every key of the configuration: its default, its meaning and the flag that sets it.
 * The one table behind the command line, its help and `docs/configuration.md`; a test compares it with the schema.
 */

/** Headings of the flags in the help. */
export type FlagGroup = 'What to run' | 'Account' | 'Simulation' | 'Output'

/** The flag of a key. */
export interface KeyFlag {
  readonly group: FlagGroup
  /** As the help shows it: `--leverage <n>`. */
  readonly flags: string
  /** What its text becomes. */
  readonly reads: 'text' | 'number' | 'whole number' | 'switch' | 'moment' | 'fee' | 'leverage' | 'slippage' | 'list'
  readonly choices?: readonly string[]
  /** Only where the flag says more, or less, than the key. */
  readonly meaning?: string
}

/** One key. */
export interface ConfigKey {
  /** Path of the key: `[]` is every item of a list, `<symbol>` a name that you choose. */
  readonly key: string
  /** As you would write it; null where there is none. */
  readonly default: string | null
  readonly meaning: string
  readonly flag?: KeyFlag
}

const PATH_RULES = ['bar-color', 'ohlc', 'olhc', 'adaptive', 'pessimistic']

/** The keys, in the order of the documentation. */
export const CONFIG_KEYS: readonly ConfigKey[] = [
  { key: 'routes[].symbol', default: null, meaning: 'Symbol that the strategy trades, such as ETHUSDT.', flag: { group: 'What to run', flags: '--symbol <name>', reads: 'list', meaning: 'symbol to trade, such as ETHUSDT; repeat it for one route a symbol' } },
  { key: 'routes[].timeframe', default: null, meaning: 'Bars on which the strategy is called: 1m, 15m, 4h, 1D, 1W; a multiple of the candle spacing.', flag: { group: 'What to run', flags: '--timeframe <text>', reads: 'text', meaning: 'bars on which the strategy is called: 1m, 15m, 4h, 1D, 1W' } },
  { key: 'routes[].strategy', default: null, meaning: 'A file or an installed package whose default export is a class that extends Strategy, or in a file the class itself.', flag: { group: 'What to run', flags: '--strategy <path|package>', reads: 'text', meaning: 'file or installed package whose default export extends Strategy' } },
  { key: 'routes[].params', default: '{}', meaning: "Parameters of the strategy by name; the strategy's own defaults fill in the rest.", flag: { group: 'What to run', flags: '--param <key=value>', reads: 'list', meaning: 'a parameter of the strategy; repeat it for more (`hedgerow params` lists them)' } },
  { key: 'routes[].symbols', default: null, meaning: 'Instead of `symbol`: the symbols of a portfolio, which one strategy trades together.' },
  { key: 'routes[].vars', default: null, meaning: 'Variables that the strategy goes on from: what `result.vars` of an earlier run says of the route.' },
  { key: 'routes[].legs', default: "['long', 'short']", meaning: 'Legs that the route owns; each leg of a symbol has one owner.' },
  { key: 'routes[].name', default: null, meaning: 'Name of the route in trades and events; the class name where it is left out.' },
  { key: 'dataRoutes[].symbol', default: null, meaning: 'Symbol of candles that strategies read beside their own.' },
  { key: 'dataRoutes[].timeframe', default: null, meaning: 'Timeframe of these candles.' },
  { key: 'candles.<symbol>', default: null, meaning: 'Candle file of a symbol (csv, csv.gz, Parquet), or in a file the candles themselves. Left out: what the data folder has of the symbol, with its funding and marks.', flag: { group: 'What to run', flags: '--candles <[symbol=]file>', reads: 'list', meaning: 'candle file (csv, csv.gz, Parquet), one a symbol: ETHUSDT=eth.csv.gz (left out: from the data folder)' } },
  { key: 'funding.<symbol>', default: null, meaning: 'Funding rate file of a symbol, or the rates themselves. Without it funding counts as zero, with a warning.', flag: { group: 'What to run', flags: '--funding <[symbol=]file>', reads: 'list', meaning: 'funding rate file; without it funding counts as zero, with a warning' } },
  { key: 'marks.<symbol>', default: null, meaning: 'Mark price candle file of a symbol, or the candles themselves. Without it the last price serves as mark, with a warning.', flag: { group: 'What to run', flags: '--marks <[symbol=]file>', reads: 'list', meaning: 'mark price candle file; without it the last price is the mark, with a warning' } },
  { key: 'indexes.<symbol>', default: null, meaning: 'Index price candle file of a symbol, or the candles themselves: they trigger orders by index. Without it such an order ends the run.', flag: { group: 'What to run', flags: '--indexes <[symbol=]file>', reads: 'list', meaning: 'index price candle file, for orders that trigger by index' } },
  { key: 'data.folder', default: null, meaning: 'Data folder, in which symbols without candle files are looked up. Left out: $HEDGEROW_DATA, else ./hedgerow-data.', flag: { group: 'What to run', flags: '--data <folder>', reads: 'text', meaning: 'data folder, for symbols without candle files (left out: $HEDGEROW_DATA, else ./hedgerow-data)' } },
  { key: 'data.venue', default: null, meaning: 'Venue whose data to take, where the data folder has a symbol of several.', flag: { group: 'What to run', flags: '--venue <name>', reads: 'text', meaning: 'venue whose data to take, where the data folder has a symbol of several' } },
  { key: 'start', default: null, meaning: 'First tradable moment: an ISO date or ms UTC. Left out: the first candle plus the warm-up.', flag: { group: 'What to run', flags: '--start <date>', reads: 'moment', meaning: 'first tradable moment, ISO or ms UTC (left out: first candle plus warm-up)' } },
  { key: 'end', default: null, meaning: 'End of the run, exclusive. Left out: the end of the candles.', flag: { group: 'What to run', flags: '--end <date>', reads: 'moment', meaning: 'end of the run, exclusive (left out: end of the candles)' } },
  { key: 'warmupCandles', default: '240', meaning: 'Bars of the route before its first tradable one.', flag: { group: 'What to run', flags: '--warmup-candles <n>', reads: 'whole number', meaning: 'bars of the route before the first tradable one' } },

  { key: 'exchange.profile', default: "'exact'", meaning: 'How the venue margins, liquidates and charges: exact, jesse, bybit-uta, bybit-legacy, binance-usdm, or a profile of a driver in `drivers`.', flag: { group: 'Account', flags: '--profile <name>', reads: 'text', meaning: 'how the venue works: exact, jesse, bybit-uta, bybit-legacy, binance-usdm' } },
  { key: 'exchange.name', default: null, meaning: "Name of the venue as strategies read it; the profile's name where it is left out." },
  { key: 'exchange.positionMode', default: "'one-way'", meaning: 'hedge: a long and a short leg at once. one-way: one leg at a time.', flag: { group: 'Account', flags: '--position-mode <one-way|hedge>', reads: 'text', choices: ['one-way', 'hedge'], meaning: 'hedge holds a long and a short leg at once' } },
  { key: 'exchange.marginMode', default: "'cross'", meaning: 'cross: one account backs all legs. isolated: each leg has its own margin.', flag: { group: 'Account', flags: '--margin-mode <cross|isolated>', reads: 'text', choices: ['cross', 'isolated'], meaning: 'one margin for the account, or one for each leg' } },
  { key: 'exchange.leverage', default: '1', meaning: 'Leverage of both legs, or { long, short } where the profile allows it.', flag: { group: 'Account', flags: '--leverage <n|long,short>', reads: 'leverage', meaning: 'leverage of both legs, or long,short where the venue allows it' } },
  { key: 'exchange.startingBalance', default: '10000', meaning: 'Balance at the start, in quote units.', flag: { group: 'Account', flags: '--balance <amount>', reads: 'text' } },
  { key: 'exchange.fee', default: null, meaning: "Fee rate for both, or { maker, taker }: 0.0005 is 0.05 %. Left out: the profile's.", flag: { group: 'Account', flags: '--fee <rate|maker,taker>', reads: 'fee', meaning: "fee rates, 0.0005 is 0.05 % (left out: the profile's)" } },
  { key: 'exchange.autoAddMargin', default: 'false', meaning: 'Isolated legs are given margin from what is available before they are liquidated, each time their initial margin, down to a leverage of 1; where the profile allows it.', flag: { group: 'Account', flags: '--auto-add-margin', reads: 'switch', meaning: 'isolated legs are given margin before they are liquidated, where the profile allows it' } },

  { key: 'fillAt', default: null, meaning: "Market orders of a bar's close fill at the next open, or at that close. Left out: as the profile does (open; jesse: close).", flag: { group: 'Simulation', flags: '--fill-at <open|close>', reads: 'text', choices: ['open', 'close'], meaning: "market orders fill at the next open or at the bar's close (left out: the profile's)" } },
  { key: 'closeAtEnd', default: 'true', meaning: 'Closes open legs at the end; otherwise they are listed as open positions.' },
  { key: 'refuseLeg', default: null, meaning: 'Orders that open this leg are denied: what the run would have been without it.', flag: { group: 'Simulation', flags: '--refuse-leg <long|short>', reads: 'text', choices: ['long', 'short'], meaning: 'deny orders that open this leg: what the run would have been without it' } },
  { key: 'tradeMode', default: "'round-trip'", meaning: 'What counts as a trade: round-trip, from flat to flat of a leg, or fifo, one a closed lot, first in first out. Totals are the same.', flag: { group: 'Simulation', flags: '--trade-mode <round-trip|fifo>', reads: 'text', choices: ['round-trip', 'fifo'], meaning: 'what counts as a trade: a round trip of a leg, or a closed lot' } },
  { key: 'seed', default: '1', meaning: 'Seed of everything random; the same seed gives the same bytes.', flag: { group: 'Simulation', flags: '--seed <n>', reads: 'whole number', meaning: 'seed of everything random' } },
  { key: 'sim.path', default: "'bar-color'", meaning: 'Which extreme a candle visits first: bar-color, ohlc, olhc, adaptive or pessimistic. Candles where it matters are counted as ambiguous.', flag: { group: 'Simulation', flags: '--path <rule>', reads: 'text', choices: PATH_RULES, meaning: 'which extreme a candle visits first: bar-color, ohlc, olhc, adaptive or pessimistic' } },
  { key: 'sim.bracket', default: 'false', meaning: 'Runs two more times, along O-L-H-C and along O-H-L-C, and shows both results beside the headline one.', flag: { group: 'Simulation', flags: '--bracket', reads: 'switch', meaning: 'also run along both extremes of the path within candles' } },
  { key: 'sim.limitFill', default: null, meaning: "A resting limit fills when the price touches it, or only beyond it (through). Left out: the profile's.", flag: { group: 'Simulation', flags: '--limit-fill <touch|through>', reads: 'text', choices: ['touch', 'through'], meaning: "a resting limit fills when the price touches it, or only beyond it (left out: the profile's)" } },
  { key: 'sim.slippage', default: "'profile'", meaning: "What a taker loses beside the price: 'profile', 'none', { ticks }, { bps }, or { impact }: impact x volatility of a candle x sqrt(qty / volume) of the price.", flag: { group: 'Simulation', flags: '--slippage <rule>', reads: 'slippage', meaning: 'what a taker loses beside the price: profile, none, 2ticks, 1.5bps or 0.5impact' } },
  { key: 'sim.clampToRange', default: 'false', meaning: "Slippage ends at the high and the low of its candle.", flag: { group: 'Simulation', flags: '--clamp-to-range', reads: 'switch' } },
  { key: 'sim.stp', default: "'none'", meaning: 'Where orders of the account meet each other: none leaves each to the market, cancel-maker, cancel-taker and cancel-both cancel the resting one, the incoming one or both.', flag: { group: 'Simulation', flags: '--stp <rule>', reads: 'text', choices: ['none', 'cancel-maker', 'cancel-taker', 'cancel-both'], meaning: 'where own orders meet: none, cancel-maker, cancel-taker or cancel-both' } },
  { key: 'sim.adl.rate', default: null, meaning: 'Stress by auto-deleveraging: probability, in each candle that moves far enough, that the leg which gains most is closed at the mark. Left out: never.', flag: { group: 'Simulation', flags: '--adl-rate <fraction>', reads: 'text', meaning: 'probability of auto-deleveraging in a candle that moves far enough (left out: never)' } },
  { key: 'sim.adl.move', default: '0.01', meaning: 'Smallest move of the mark from open to close of a candle that may lead to auto-deleveraging: 0.01 is 1 %.', flag: { group: 'Simulation', flags: '--adl-move <fraction>', reads: 'text', meaning: 'how far such a candle has to move, 0.01 is 1 %' } },
  { key: 'sim.adl.seed', default: null, meaning: 'Seed of auto-deleveraging. Left out: the seed of the run.', flag: { group: 'Simulation', flags: '--adl-seed <n>', reads: 'whole number', meaning: 'seed of auto-deleveraging (left out: that of the run)' } },
  { key: 'sim.volumeShare', default: null, meaning: "At most this fraction of a candle's volume fills. Left out: all of an order fills at once.", flag: { group: 'Simulation', flags: '--volume-share <fraction>', reads: 'text', meaning: "at most this fraction of a candle's volume fills (left out: everything)" } },
  { key: 'sim.latencyMs', default: '0', meaning: 'Orders, cancels and amendments arrive this many milliseconds after they are sent; a fill in between wins.', flag: { group: 'Simulation', flags: '--latency-ms <n>', reads: 'whole number', meaning: 'orders, cancels and amendments arrive this much later' } },
  { key: 'sim.triggerBy', default: "'last'", meaning: 'Price that triggers conditional orders which do not name one: last, mark or index.', flag: { group: 'Simulation', flags: '--trigger-by <last|mark|index>', reads: 'text', choices: ['last', 'mark', 'index'], meaning: 'price that triggers conditional orders which do not name one' } },
  { key: 'sim.onStopPassed', default: "'close'", meaning: 'A protective stop that is already passed on arrival closes at market, or is rejected.', flag: { group: 'Simulation', flags: '--on-stop-passed <close|reject>', reads: 'text', choices: ['close', 'reject'], meaning: 'a protective stop that is passed on arrival closes at market, or is rejected' } },
  { key: 'sim.maxGapMinutes', default: null, meaning: 'Longest allowed gap between candles, in minutes. Left out: none.', flag: { group: 'Simulation', flags: '--max-gap-minutes <n>', reads: 'number', meaning: 'longest allowed gap between candles (left out: none)' } },
  { key: 'sim.funding.missing', default: "'fail'", meaning: 'A settlement without a rate in a series that was given: fail, zero or lastKnown.', flag: { group: 'Simulation', flags: '--funding-missing <fail|zero|lastKnown>', reads: 'text', choices: ['fail', 'zero', 'lastKnown'], meaning: 'a settlement without a rate ends the run, counts as zero, or takes the last rate' } },
  { key: 'sim.funding.boundary', default: "'before'", meaning: 'Positions from before a settlement pay it, or (inclusive) also those opened at its moment.', flag: { group: 'Simulation', flags: '--funding-boundary <before|inclusive>', reads: 'text', choices: ['before', 'inclusive'], meaning: 'positions from before a settlement pay it, or also those opened at its moment' } },
  { key: 'drivers', default: '[]', meaning: 'Drivers of other venues, whose profiles and instruments may then be named.' },
  { key: 'instruments[].symbol', default: null, meaning: "Symbol of an instrument that replaces the profile's; a record by symbol will do as well." },
  { key: 'instruments[].tickSize', default: null, meaning: 'Smallest price step, as text.' },
  { key: 'instruments[].qtyStep', default: null, meaning: 'Smallest quantity step, as text.' },
  { key: 'instruments[].minQty', default: null, meaning: 'Smallest quantity of an order; qtyStep where it is left out.' },
  { key: 'instruments[].maxQty', default: null, meaning: 'Largest quantity of a limit order; none where it is left out.' },
  { key: 'instruments[].maxMarketQty', default: null, meaning: 'Largest quantity of a market order; maxQty where it is left out.' },
  { key: 'instruments[].minNotional', default: null, meaning: 'Smallest value of an opening order; none where it is left out.' },
  { key: 'instruments[].tiers', default: null, meaning: "Name of the profile's risk tier table; its default table where it is left out." },
  { key: 'instruments[].fundingIntervalMs', default: null, meaning: 'Time between two settlements; eight hours where it is left out.' },

  { key: 'out', default: null, meaning: 'Folder for result.json and the files beside it, which `hedgerow report` reads. A folder that holds only results is replaced, any other is refused.', flag: { group: 'Output', flags: '--out <folder>', reads: 'text', meaning: 'folder for result.json, trades.csv and the other files of a run; replaced if it holds only results' } },

  { key: 'live.driver', default: null, meaning: 'Driver that trades; the one that brings exchange.profile where it is left out.' },
  { key: 'live.connection', default: null, meaning: "Keys of the driver's own configuration, such as { environment: 'demo' }; secrets never stand here." },
  { key: 'live.state', default: null, meaning: 'Folder for journal, positions, log and lock; hedgerow-state/live-<driver> where it is left out. `hedgerow paper` keeps a folder of its own beside it, whose name ends in -paper.' },
  { key: 'live.envFile', default: null, meaning: 'File with secrets, one NAME=value a line, readable by its owner alone; the environment beats it.' },
  { key: 'live.limits.gross', default: null, meaning: "Most value of all legs together, quote units, or 'none'. Has to be stated to go live." },
  { key: 'live.limits.perLeg', default: null, meaning: "Most value of one leg of one symbol, or 'none'. Has to be stated to go live." },
  { key: 'live.limits.dailyLoss', default: null, meaning: "Loss since UTC midnight at which triggers.onDailyLoss acts, or 'none'. Has to be stated to go live." },
  { key: 'live.limits.net', default: null, meaning: 'Most value of long minus short of one symbol; none where it is left out.' },
  { key: 'live.limits.perSymbol', default: null, meaning: 'Most value of both legs of one symbol together; none where it is left out.' },
  { key: 'live.limits.perOrder', default: null, meaning: 'Most value of one opening order; none where it is left out.' },
  { key: 'live.limits.priceBand', default: '0.05', meaning: "Largest distance of an opener's price from the mark, a fraction; at market, of the last price." },
  { key: 'live.limits.ordersPerMinute', default: '60', meaning: 'Most openers within a minute.' },
  { key: 'live.limits.marginRate', default: '0.5', meaning: 'Most maintenance margin over margin balance once an opener has filled.' },
  { key: 'live.limits.liquidationDistance', default: null, meaning: 'Least distance of the mark from the liquidation prices of both legs once an opener has filled, a fraction; none where it is left out.' },
  { key: 'live.limits.requireStop', default: 'false', meaning: 'Refuses openers that bring no stop along.' },
  { key: 'live.triggers.marginRate', default: '0.5', meaning: 'Maintenance margin over margin balance at which nothing more opens.' },
  { key: 'live.triggers.silentMs', default: '10000', meaning: 'A stream that is silent for so long with open legs: nothing more opens.' },
  { key: 'live.triggers.rejectsPerMinute', default: '10', meaning: 'More refusals of the venue within a minute: nothing more opens.' },
  { key: 'live.triggers.drawdown', default: null, meaning: 'Fall of equity from its highest, a fraction, at which openers are cancelled; none where it is left out.' },
  { key: 'live.triggers.equityDeviation', default: '0.02', meaning: "Difference between our equity and the venue's, a fraction: nothing more opens." },
  { key: 'live.triggers.onDailyLoss', default: "'cancel'", meaning: 'What the daily loss does: cancel openers, or flatten everything.' },
  { key: 'live.allowModeSwitch', default: 'false', meaning: 'Switches the position mode at the venue where it is wrong and nothing stands in its way.' },
  { key: 'live.allowMarginModeSwitch', default: 'false', meaning: 'Switches the margin mode at the venue where it is wrong; on some venues that concerns the whole account.' },
  { key: 'live.adopt', default: 'false', meaning: 'Takes over legs that somebody else opened; otherwise their symbol opens nothing.' },
  { key: 'live.trustVenue', default: 'false', meaning: 'Sets a leg that differs without a reason to what the venue says; otherwise its symbol opens nothing.' },
  { key: 'live.foreignOrders', default: "'ignore'", meaning: 'Orders of somebody else: ignore or cancel.' },
  { key: 'live.intentTtlMs', default: '10000', meaning: 'An opener that could not be sent for so long is never sent.' },
  { key: 'live.reconcileEveryMs', default: '60000', meaning: 'Time between two comparisons with the venue.' },
  { key: 'live.staleMarketMs', default: '3000', meaning: 'Prices older than this: the symbol opens nothing.' },
]
