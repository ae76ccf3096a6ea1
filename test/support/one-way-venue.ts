/** A venue that has neither hedge mode nor isolated margin. */
import { defineDriver, type Driver } from '@hedgerow/core'
import { exact, sandbox } from '@hedgerow/driver-sandbox'

export const oneWayVenue: Driver = defineDriver({
  apiVersion: 1, profiles: [{ ...exact, name: 'one-way-venue' }],
  manifest: {
    ...sandbox.manifest, name: 'one-way-venue', title: 'Venue', markets: [{ id: 'linear', settleAsset: 'USDT', positionModes: ['one-way'], marginModes: ['cross'] }],
    legParams: sandbox.manifest.legParams.filter(({ mode }) => mode === 'one-way'),
  },
})
