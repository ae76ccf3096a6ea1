/**
 * Every error that Hedgerow raises, in one table: code, family, what happened, what to do.
 * The table in the documentation is generated from this one.
 */

/**
 * `config`: what was passed in is wrong. `denied`: we refused an order. `rejected`: the venue refused it.
 * `connectivity`: an outcome is unknown. `invariant`: a bug in the framework or a driver.
 */
export type ErrorFamily = 'config' | 'denied' | 'rejected' | 'connectivity' | 'invariant'

interface ErrorRow {
  readonly family: ErrorFamily
  readonly what: string
  readonly remedy: string
}

/** Code to family, meaning and remedy. */
export const ERRORS = {
  // config: values and data
  NOT_A_DECIMAL: { family: 'config', what: 'A value is not an exact decimal.', remedy: 'Pass it as text ("0.1") or as a Decimal; a JavaScript number has already lost digits.' },
  NOT_POSITIVE: { family: 'config', what: 'A value must be greater than zero.', remedy: 'Check how the value was computed; zero, negative and non-finite quantities and prices are never sent.' },
  CONFIG_INVALID: { family: 'config', what: 'The configuration is not valid.', remedy: 'Correct the named key; docs/configuration.md lists every key with its default.' },
  UNKNOWN_KEY: { family: 'config', what: 'A key is not known.', remedy: 'Remove it or correct its spelling.' },
  UNKNOWN_SYMBOL: { family: 'config', what: 'A symbol is not known.', remedy: 'Use one of the listed symbols, or add its candles and instrument.' },
  UNKNOWN_PROFILE: { family: 'config', what: 'No loaded driver exports this venue profile.', remedy: 'Use one of the listed profiles, or pass the driver that exports it in `drivers`.' },
  UNKNOWN_STRATEGY: { family: 'config', what: 'The strategy could not be found.', remedy: 'Pass a path to a file with a default-exported Strategy class, or the name of an installed package.' },
  PROFILE_INVALID: { family: 'config', what: 'The venue profile is not valid.', remedy: 'Correct the named field of the profile.' },
  MANIFEST_INVALID: { family: 'config', what: 'The driver manifest is not valid.', remedy: 'Correct the named field of the manifest.' },
  TIER_TABLE_INVALID: { family: 'config', what: 'A risk tier table does not add up.', remedy: 'deduction[i] must equal deduction[i-1] + cap[i-1] x (mmr[i] - mmr[i-1]); caps must rise.' },
  LEVERAGE_INVALID: { family: 'config', what: 'The leverage is not allowed.', remedy: 'Use a leverage within the instrument and tier limits.' },
  CONFIG_MISSING: { family: 'config', what: 'There is no configuration.', remedy: 'Write hedgerow.config.ts, or pass flags; `hedgerow backtest --help` shows both.' },
  USAGE_INVALID: { family: 'config', what: 'The command line is not valid.', remedy: 'See `hedgerow --help`.' },
  MODULE_NOT_LOADED: { family: 'config', what: 'A configuration or strategy file could not be loaded.', remedy: 'Correct the file. Node runs TypeScript by removing its types: no enums, decorators, namespaces or parameter properties.' },
  OUTPUT_REFUSED: { family: 'config', what: 'The output folder holds files that are not results.', remedy: 'Choose another folder, or move its files away; a folder with results only is replaced.' },
  OUTPUT_FAILED: { family: 'config', what: 'The result could not be written.', remedy: 'Check that the folder may be written to and that there is space; nothing was left behind.' },
  RUN_UNREADABLE: { family: 'config', what: 'The folder of a run could not be read.', remedy: 'Name the folder that --out wrote, whole and unchanged; write the run again with this version if it is older.' },
  IMPORT_INVALID: { family: 'config', what: 'An export of fills could not be read.', remedy: 'Export the file again, whole and unchanged; docs/report-imports.md lists the formats and their columns.' },
  IMPORT_UNATTRIBUTED: { family: 'config', what: 'A row of an export cannot be attributed to a leg.', remedy: 'Export from a moment at which the account was flat, with every fill since; docs/report-imports.md says how each format names its legs.' },
  MODE_UNSUPPORTED: { family: 'config', what: 'The driver does not support this mode.', remedy: 'Choose a supported mode, or another driver.' },
  API_VERSION_MISMATCH: { family: 'config', what: 'The driver was built for another version of the driver contract.', remedy: 'Install matching versions of the driver and of @hedgerow/core.' },
  PARAMETER_INVALID: { family: 'config', what: 'A strategy parameter is not valid.', remedy: 'Pass a value within the range that the strategy declares.' },
  GRID_INVALID: { family: 'config', what: 'The grid of parameters cannot be run.', remedy: 'Name fewer parameters, fewer values or larger steps.' },
  WORKER_LOST: { family: 'config', what: 'A thread of the sweep ended before its run did.', remedy: 'Look for process.exit in the strategy; if memory ran out, use fewer workers.' },
  LEG_OWNED: { family: 'config', what: 'A leg has two owners.', remedy: 'Give each leg of a symbol to one route: `legs: ["long"]` on one, `legs: ["short"]` on the other.' },
  // config: live
  LIVE_UNSUPPORTED: { family: 'config', what: 'The driver cannot trade live.', remedy: 'Use a driver with a live half; `hedgerow doctor` lists them.' },
  LIMITS_MISSING: { family: 'config', what: 'A limit is not stated.', remedy: "State live.limits.gross, perLeg and dailyLoss in quote units, each or 'none'." },
  SECRET_MISSING: { family: 'config', what: 'A secret is not set.', remedy: 'Set the named environment variable, or write it into the env file.' },
  SECRET_FILE_UNSAFE: { family: 'config', what: 'Others may read the file with the secrets.', remedy: 'Make it yours alone: chmod 600.' },
  POSITION_MODE_MISMATCH: { family: 'config', what: 'The venue is in another position mode than the configuration.', remedy: 'Switch it at the venue, allow it with live.allowModeSwitch, or change exchange.positionMode.' },
  POSITION_MODE_BLOCKED: { family: 'config', what: 'The venue does not switch the position mode now.', remedy: 'Close the named positions and cancel the named orders first, or change exchange.positionMode.' },
  MARGIN_MODE_MISMATCH: { family: 'config', what: 'The venue is in another margin mode than the configuration.', remedy: 'Switch it at the venue, allow it with live.allowMarginModeSwitch, or change exchange.marginMode.' },
  LEVERAGE_MISMATCH: { family: 'config', what: 'The venue did not take the leverage.', remedy: 'Use a leverage that the venue allows for the position as it is.' },
  INSTANCE_RUNNING: { family: 'config', what: 'Another process trades on this state.', remedy: 'Stop it first, or choose another state folder for this one.' },
  INSTANCE_NOT_RUNNING: { family: 'config', what: 'No process answers for this state.', remedy: 'Start it with `hedgerow live`, or name its folder with --state.' },
  JOURNAL_FOREIGN: { family: 'config', what: 'The journal belongs to another venue, account mode or strategy set.', remedy: 'Choose another state folder; a journal is never shared.' },
  // config: candles
  DATA_FILE_MISSING: { family: 'config', what: 'A data file does not exist.', remedy: 'Check the path; relative paths start at the working directory.' },
  DATA_INVALID: { family: 'config', what: 'A data row is not valid.', remedy: 'Repair the named row, or import the file again from its source.' },
  DATA_UNSORTED: { family: 'config', what: 'Rows are not in rising order of time.', remedy: 'Sort the rows by time and remove duplicates.' },
  DATA_GAP: { family: 'config', what: 'Candles are missing.', remedy: 'Fetch the missing range, or allow it with sim.maxGapMinutes.' },
  DATA_EMPTY: { family: 'config', what: 'There is no data in the range.', remedy: 'Check start, end and the range of the candles.' },
  DATA_PRECISION: { family: 'config', what: 'A price has more than 15 significant digits and cannot be compared exactly.', remedy: 'Round the source data to the tick of the instrument.' },
  DATA_NOT_STORED: { family: 'config', what: 'The data folder does not have this series.', remedy: 'See what it has with `hedgerow data list`; add files with `hedgerow data import`.' },
  DATA_AMBIGUOUS: { family: 'config', what: 'Several stored series fit.', remedy: 'Name the one that you mean.' },
  DATA_CONFLICT: { family: 'config', what: 'Rows differ from those stored for the same time.', remedy: 'Nothing was stored. Choose with --overlap keep or --overlap replace.' },
  DATA_STORE_DAMAGED: { family: 'config', what: 'A file of the data folder is damaged.', remedy: 'Move the file away and import its range again from the source.' },
  DATA_STORE_BUSY: { family: 'config', what: 'Another process is writing to this series.', remedy: 'Wait until it has finished, then start again.' },
  TIMEFRAME_INVALID: { family: 'config', what: 'A timeframe is not valid.', remedy: 'Use a whole multiple of the candle spacing, written such as 1m, 15m, 4h, 1D or 1W.' },
  FUNDING_MISSING: { family: 'config', what: 'A funding settlement has no rate.', remedy: "Complete the series, end the run within it, or choose sim.funding.missing: 'zero' or 'lastKnown' (--funding-missing)." },
  INDEX_MISSING: { family: 'config', what: 'An order triggers by the index price, and its symbol has none.', remedy: "Pass index candles in `indexes`, or trigger by 'mark' or 'last'." },
  // config: strategies
  STRATEGY_THREW: { family: 'config', what: 'The strategy threw.', remedy: 'Correct the strategy; the cause holds its own error and stack.' },
  STRATEGY_LOOPS: { family: 'config', what: 'The strategy answers its own events with orders without end.', remedy: 'Make the hook come to rest: check the state before ordering again in onOrder or in a position hook.' },
  LEG_REQUIRED: { family: 'config', what: 'The order names no leg, and none follows from what is open.', remedy: "Name the leg as the third element: [qty, price, 'long'] or [qty, price, 'short']." },
  CONFLICTING_RULES: { family: 'config', what: 'shouldLong and shouldShort are both true in one-way mode.', remedy: "Make the rules exclusive, or run with positionMode: 'hedge'." },
  BAR_OUT_OF_RANGE: { family: 'config', what: 'A bar was read that the series does not have.', remedy: 'Read indexes 0 to length - 1, or -1 for the last bar; raise warmupCandles for more history.' },
  WARMUP_TOO_SHORT: { family: 'config', what: 'An indicator has too few bars.', remedy: 'Raise warmupCandles, or ask for the indicator later.' },
  DECLARATION_INVALID: { family: 'config', what: 'A declared order is not valid.', remedy: 'Write [qty, price], [qty, price, leg], { qty, price, ... } or a list of these.' },
  DECLARATION_FROZEN: { family: 'config', what: 'A declared list was changed in place.', remedy: 'Assign a new list; lists are frozen when they are assigned.' },
  RUN_INTERRUPTED: { family: 'config', what: 'The run was interrupted.', remedy: 'Start it again; nothing was written.' },
  // denied: we refused
  LEG_CONFLICT: { family: 'denied', what: 'In one-way mode a leg cannot be opened while the other is open.', remedy: "Close the other leg first, or run with positionMode: 'hedge'." },
  NOTHING_TO_CLOSE: { family: 'denied', what: 'The leg is flat: there is nothing to close.', remedy: 'Check leg.isOpen before closing.' },
  QTY_BELOW_MIN: { family: 'denied', what: 'The quantity is below the minimum.', remedy: 'Raise the quantity to the minimum of the instrument.' },
  QTY_ABOVE_MAX: { family: 'denied', what: 'The quantity is above the maximum of one order.', remedy: 'Split the order.' },
  NOTIONAL_BELOW_MIN: { family: 'denied', what: 'The value of the order is below the minimum.', remedy: 'Raise the quantity.' },
  PRICE_INVALID: { family: 'denied', what: 'The price is outside what the instrument allows.', remedy: 'Use a price within the limits of the instrument.' },
  INSUFFICIENT_MARGIN: { family: 'denied', what: 'The available margin does not cover the order.', remedy: 'Reduce the quantity, raise the leverage or add balance.' },
  TIER_EXCEEDED: { family: 'denied', what: 'The position would pass the risk tier that this leverage allows.', remedy: 'Lower the leverage or the quantity.' },
  LEG_MANUAL: { family: 'denied', what: 'The run mode of the leg does not allow this order.', remedy: 'Change the run mode of the leg.' },
  LEG_REFUSED: { family: 'denied', what: 'This run opens no positions on this leg.', remedy: 'Leave out refuseLeg to trade both legs.' },
  FILTERED: { family: 'denied', what: 'A filter of the strategy refused the entry.', remedy: 'Look at the filters of the strategy.' },
  TRADING_KILLED: { family: 'denied', what: 'The kill switch is on: nothing may open.', remedy: 'Find out why, then resume with `hedgerow resume`.' },
  TRADING_HELD: { family: 'denied', what: 'Trading is on hold: nothing may open.', remedy: 'It resumes by itself once what is named is well again.' },
  SYMBOL_HALTED: { family: 'denied', what: 'The symbol is halted: nothing may open on it.', remedy: 'See `hedgerow status`; it is lifted when the named difference is gone.' },
  LIMIT_EXCEEDED: { family: 'denied', what: 'The order would pass a limit of the configuration.', remedy: 'Reduce the quantity, or raise the named limit.' },
  PRICE_OUT_OF_BAND: { family: 'denied', what: 'The price is too far from the mark price.', remedy: 'Use a price nearer to the market, or widen live.limits.priceBand.' },
  TOO_MANY_ORDERS: { family: 'denied', what: 'The venue takes no more orders of this kind for the symbol.', remedy: 'Cancel others first, or use fewer resting orders.' },
  ORDER_RATE_EXCEEDED: { family: 'denied', what: 'Too many orders in one minute.', remedy: 'Find out why the strategy orders so often, or raise live.limits.ordersPerMinute.' },
  // rejected: the venue refused
  ORDER_NOT_PLACED: { family: 'rejected', what: 'The venue does not know the order: it never arrived.', remedy: 'Nothing was traded; the strategy may order again.' },
  WRONG_POSITION_MODE: { family: 'rejected', what: 'The venue is in another position mode than this program.', remedy: 'Somebody has switched it. Openers of the symbol are halted; switch it back.' },
  WOULD_TAKE: { family: 'rejected', what: 'A post-only order would have taken liquidity.', remedy: 'Use a price on the other side of the market.' },
  TRIGGER_ALREADY_PASSED: { family: 'rejected', what: 'The trigger price was already passed when the order arrived.', remedy: "Set the trigger further away; for protective stops choose sim.onStopPassed: 'close'." },
  VENUE_REFUSED: { family: 'rejected', what: 'The venue refused the request.', remedy: 'Look at the code and the text of the venue in the cause.' },
  CREDENTIALS_REFUSED: { family: 'rejected', what: 'The venue refused the key.', remedy: 'Check key, secret, permissions, the addresses that the key is bound to, and its expiry; `hedgerow doctor` names what is wrong.' },
  // connectivity: an outcome is unknown
  VENUE_UNREACHABLE: { family: 'connectivity', what: 'The venue did not answer.', remedy: 'Check the network and the status page of the venue; what was asked is unknown, not refused.' },
  VENUE_ANSWER_INVALID: { family: 'connectivity', what: 'The venue answered something that could not be read.', remedy: 'Report it with the text that was found; what was asked is unknown, not refused.' },
  JOURNAL_FAILED: { family: 'connectivity', what: 'The journal could not be written.', remedy: 'Free space on the disk, then restart. Nothing was sent that is not in the journal.' },
  // invariant
  JOURNAL_DAMAGED: { family: 'invariant', what: 'The journal is not as it was written.', remedy: 'Restore the last backup of the state folder; start-up reconciles what came after it with the venue.' },
  REPLAY_DIVERGED: { family: 'invariant', what: 'The journal led to other decisions than it holds.', remedy: 'The strategy is not deterministic, or it was changed without its file being changed. Start with --fresh-strategies to keep the state and start strategies anew.' },
  INVARIANT_BROKEN: { family: 'invariant', what: 'An internal rule was broken.', remedy: 'Report it with the journal of the run; nothing was traded on the wrong state.' },
  UNKNOWN_EVENT: { family: 'invariant', what: 'An event refers to something that is not known.', remedy: 'Report it with the journal of the run.' },
} as const

/** A code of the table. */
export type ErrorCode = keyof typeof ERRORS

/** The parts of an error message beside the table's own text. */
export interface ErrorDetails {
  /** Where it happened: package, strategy, file and line, order, bar. */
  readonly where?: string
  /** The value that was found. */
  readonly found?: string
  /** What was expected instead. */
  readonly expected?: string
  /** What to do, where it is more exact than the table's remedy. */
  readonly remedy?: string
  /** The error underneath. */
  readonly cause?: unknown
}

/** The message text of a code with its details: `[where] CODE: what. Found: x. Expected: y. Remedy.` */
export function errorText(code: ErrorCode, details: ErrorDetails = {}): string {
  const row: ErrorRow = ERRORS[code]
  const parts: string[] = [`${code}:`, row.what]
  if (details.where !== undefined) parts.unshift(`[${details.where}]`)
  if (details.found !== undefined) parts.push(`Found: ${details.found}.`)
  if (details.expected !== undefined) parts.push(`Expected: ${details.expected}.`)
  parts.push(details.remedy ?? row.remedy)
  // Joined at once: a text that is put together bit by bit keeps all its bits, and a run may keep very many denials.
  return parts.join(' ')
}

/** The one error class. Check `code`, never the class, across packages. */
export class HedgerowError extends Error {
  readonly code: ErrorCode
  readonly family: ErrorFamily
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(errorText(code, details), details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'HedgerowError'
    this.code = code
    this.family = ERRORS[code].family
    this.details = details
  }
}

/** True for an error of Hedgerow, from any copy of this package. */
export function isHedgerowError(error: unknown): error is HedgerowError {
  return error instanceof Error && error.name === 'HedgerowError' && 'code' in error
}
