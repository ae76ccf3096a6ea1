/**
 * What a venue can do, as data: a driver exports it, core checks it and looks things up in it. Nothing else knows a venue's words for a leg,
 * an intent or a mode.
 */
import { z } from '../zod.ts'
import type { Intent, Leg, MarginMode, PositionMode } from '../domain/leg.ts'
import type { OrderType, TimeInForce, TriggerBy } from '../domain/order.ts'
import { HedgerowError } from '../errors.ts'
import { claimSchema, strayClaim, type Claim } from './claim.ts'

/** A value of a venue's order parameter. */
export type VenueValue = string | number | boolean

/** How one of the four intents is said in one position mode: the parameters that carry leg and intent, and no others. */
export interface LegParams {
  readonly mode: PositionMode
  readonly leg: Leg
  readonly intent: Intent
  readonly params: Readonly<Record<string, VenueValue>>
}

/** Contracts that share one set of rules. */
export interface VenueMarket {
  /** The venue's name for them. */
  readonly id: string
  readonly settleAsset: string
  readonly positionModes: readonly PositionMode[]
  readonly marginModes: readonly MarginMode[]
}

/** How the position mode is read and changed. */
export interface ModeSwitch {
  /** What one switch changes. */
  readonly scope: 'symbol' | 'account'
  /** Read from an endpoint, or inferred from the rows of positions. */
  readonly query: 'endpoint' | 'inferred'
  /** What has to be true in the scope before. */
  readonly requires: readonly ('no-position' | 'no-orders')[]
}

/** What an answer of the venue means to us. */
export type CodeMeaning =
  | 'already-so' | 'open-position' | 'open-orders' | 'mode-unsupported' | 'wrong-mode' | 'nothing-to-close' | 'insufficient-margin' | 'leverage-refused'
  | 'trigger-passed' | 'would-take' | 'below-min-notional' | 'too-many-conditional-orders' | 'duplicate-client-id' | 'order-not-found'
  | 'outcome-unknown' | 'rate-limited' | 'clock-skew'

/** A code of the venue. Where one code means several things, `text` has to occur in its message. */
export interface VenueCode {
  readonly code: string
  readonly text?: string
  readonly means: CodeMeaning
}

/** Orders that the venue takes. What is not listed is denied before it is sent. */
export interface OrderCapabilities {
  readonly types: readonly OrderType[]
  readonly timeInForce: readonly TimeInForce[]
  readonly postOnly: boolean
  readonly triggerBy: readonly TriggerBy[]
  /** Stops and targets can travel with an opening order. */
  readonly attachedBrackets: boolean
  readonly amendable: readonly ('limit' | 'conditional')[]
  /** Conditional orders have ids and queries of their own. */
  readonly conditionalSpace: 'same' | 'separate'
  readonly maxOpenPerSymbol: number | null
  readonly maxConditionalPerSymbol: number | null
  /** What the venue does with a close beyond the leg. */
  readonly closeBeyondLeg: 'clipped' | 'refused'
  /** Whether a fill names its leg; otherwise it is joined from its order. */
  readonly fillNamesLeg: boolean
}

/** A budget of requests. */
export interface RateLimit {
  readonly group: string
  readonly scope: 'ip' | 'account'
  readonly requests: number
  readonly perMs: number
}

/** The capability record of a driver. */
export interface DriverManifest {
  /** Name of the driver: lower case words joined by "-". */
  readonly name: string
  /** Name of the venue for people. */
  readonly title: string
  readonly markets: readonly VenueMarket[]
  readonly modeSwitch: ModeSwitch
  readonly marginModeScope: 'account' | 'symbol' | 'order'
  readonly leveragePerLeg: 'never' | 'isolated' | 'always'
  /** Four rows a supported mode. */
  readonly legParams: readonly LegParams[]
  readonly orders: OrderCapabilities
  /** Client order ids: a regular expression over the whole id, and how long an id stays taken. */
  readonly clientId: { readonly pattern: string; readonly maxLength: number; readonly unique: 'always' | 'open-orders' }
  readonly rateLimits: readonly RateLimit[]
  readonly codes: readonly VenueCode[]
  readonly claims: readonly Claim[]
}

const positionMode = () => z.enum(['one-way', 'hedge'])
const count = () => z.int().positive()

/** Made for a manifest that is to be checked: those that come with us were, by their tests. */
const schema = () => z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected lower case words joined by "-"'),
  title: z.string().min(1),
  markets: z.array(z.strictObject({
    id: z.string().min(1), settleAsset: z.string().min(1), positionModes: z.array(positionMode()).min(1).readonly(), marginModes: z.array(z.enum(['cross', 'isolated'])).min(1).readonly(),
  })).min(1).readonly(),
  modeSwitch: z.strictObject({ scope: z.enum(['symbol', 'account']), query: z.enum(['endpoint', 'inferred']), requires: z.array(z.enum(['no-position', 'no-orders'])).readonly() }),
  marginModeScope: z.enum(['account', 'symbol', 'order']),
  leveragePerLeg: z.enum(['never', 'isolated', 'always']),
  legParams: z.array(z.strictObject({
    mode: positionMode(), leg: z.enum(['long', 'short']), intent: z.enum(['open', 'close']), params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  })).readonly(),
  orders: z.strictObject({
    types: z.array(z.enum(['market', 'limit', 'stop-market', 'stop-limit', 'take-profit-market', 'take-profit-limit', 'trailing-stop'])).min(1).readonly(),
    timeInForce: z.array(z.enum(['GTC', 'IOC', 'FOK'])).min(1).readonly(),
    postOnly: z.boolean(),
    triggerBy: z.array(z.enum(['last', 'mark', 'index'])).readonly(),
    attachedBrackets: z.boolean(),
    amendable: z.array(z.enum(['limit', 'conditional'])).readonly(),
    conditionalSpace: z.enum(['same', 'separate']),
    maxOpenPerSymbol: count().nullable(),
    maxConditionalPerSymbol: count().nullable(),
    closeBeyondLeg: z.enum(['clipped', 'refused']),
    fillNamesLeg: z.boolean(),
  }),
  clientId: z.strictObject({ pattern: z.string().min(1), maxLength: count(), unique: z.enum(['always', 'open-orders']) }),
  rateLimits: z.array(z.strictObject({ group: z.string().min(1), scope: z.enum(['ip', 'account']), requests: count(), perMs: count() })).readonly(),
  codes: z.array(z.strictObject({
    code: z.string().min(1),
    text: z.string().min(1).exactOptional(),
    means: z.enum([
      'already-so', 'open-position', 'open-orders', 'mode-unsupported', 'wrong-mode', 'nothing-to-close', 'insufficient-margin', 'leverage-refused', 'trigger-passed', 'would-take',
      'below-min-notional', 'too-many-conditional-orders', 'duplicate-client-id', 'order-not-found', 'outcome-unknown', 'rate-limited', 'clock-skew',
    ]),
  })).readonly(),
  claims: z.array(claimSchema()).readonly(),
})

/**
 * Reads and verifies a manifest: every field, one row for each intent of every supported mode, no two intents of a mode said alike, and claims
 * that are about its fields.
 *
 * @throws HedgerowError `MANIFEST_INVALID` naming the field.
 */
export function readManifest(input: DriverManifest): DriverManifest {
  // Read once: writing a parser for it, as the library would, takes longer than reading.
  const read = schema().safeParse(input, { jitless: true })
  if (!read.success) throw invalid(input.name, read.error.issues[0]?.path.map(String).join('.') ?? '?', read.error.issues[0]?.message ?? 'a valid manifest')
  const manifest = read.data
  for (const mode of new Set(manifest.markets.flatMap(({ positionModes }) => positionModes))) verifyLegParams(manifest, mode)
  const stray = strayClaim(manifest, manifest.claims)
  if (stray !== null) throw invalid(manifest.name, 'claims', `the path of a field, found "${stray.about}"`)
  return manifest
}

/** True when a market of the venue has the mode. */
export function supportsMode(manifest: DriverManifest, mode: PositionMode): boolean {
  return manifest.markets.some(({ positionModes }) => positionModes.includes(mode))
}

/** What an answer of the venue means; null for a code that the manifest does not know. */
export function meaningOf(manifest: DriverManifest, answer: { readonly code: string; readonly message: string }): CodeMeaning | null {
  const rows = manifest.codes.filter(({ code, text }) => code === answer.code && (text === undefined || answer.message.includes(text)))
  return (rows.find(({ text }) => text !== undefined) ?? rows[0])?.means ?? null
}

function verifyLegParams(manifest: DriverManifest, mode: PositionMode): void {
  const rows = manifest.legParams.filter((row) => row.mode === mode)
  const intents = new Set(rows.map(({ leg, intent }) => `${leg} ${intent}`))
  if (rows.length !== 4 || intents.size !== 4) throw invalid(manifest.name, 'legParams', `one row for each of the four intents in ${mode} mode, found ${rows.length}`)
  // In one-way mode a venue may say "open short" and "close long" alike; in hedge mode that would hit the wrong leg.
  const said = new Set(rows.map(({ params }) => JSON.stringify(Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1)))))
  if (mode === 'hedge' && said.size !== 4) throw invalid(manifest.name, 'legParams', 'other parameters for each intent in hedge mode, found two that are alike')
}

function invalid(name: unknown, field: string, expected: string): HedgerowError {
  return new HedgerowError('MANIFEST_INVALID', { where: `driver ${String(name)}`, found: `field ${field}`, expected })
}
