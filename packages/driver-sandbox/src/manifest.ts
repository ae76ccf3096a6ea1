/** What the simulated exchange can do: everything that the domain has a word for, said in the domain's own words. */
import { LEGS, type DriverManifest, type Intent, type LegParams, type PositionMode } from '@hedgerow/core'

const MODES: readonly PositionMode[] = ['one-way', 'hedge']
const INTENTS: readonly Intent[] = ['open', 'close']

/** Capabilities of the sandbox itself; simulating a venue, it is bound by that venue's manifest. */
export const manifest: DriverManifest = {
  name: 'sandbox',
  title: 'Sandbox',
  markets: [{ id: 'linear', settleAsset: 'USDT', positionModes: MODES, marginModes: ['cross', 'isolated'] }],
  modeSwitch: { scope: 'account', query: 'endpoint', requires: ['no-position', 'no-orders'] },
  marginModeScope: 'account',
  leveragePerLeg: 'always',
  legParams: MODES.flatMap((mode) => LEGS.flatMap((leg) => INTENTS.map((intent): LegParams => ({ mode, leg, intent, params: { leg, intent } })))),
  orders: {
    types: ['market', 'limit', 'stop-market', 'stop-limit', 'take-profit-market', 'take-profit-limit', 'trailing-stop'],
    timeInForce: ['GTC', 'IOC', 'FOK'],
    postOnly: true,
    triggerBy: ['last', 'mark', 'index'],
    attachedBrackets: true,
    amendable: ['limit', 'conditional'],
    conditionalSpace: 'same',
    maxOpenPerSymbol: null,
    maxConditionalPerSymbol: null,
    closeBeyondLeg: 'clipped',
    fillNamesLeg: true,
  },
  clientId: { pattern: '[A-Za-z0-9_-]{1,36}', maxLength: 36, unique: 'always' },
  rateLimits: [],
  codes: [],
  claims: [],
}
