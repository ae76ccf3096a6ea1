/** Leg and intent in the venues' own words. */
import { legParams } from '@hedgerow/core'
import { binance } from '@hedgerow/driver-binance'
import { bybit } from '@hedgerow/driver-bybit'
import { z } from 'zod'
import { op, type OpAdapter } from '../op.ts'
import { legName, legNamed } from './money/words.ts'

const input = z.object({ position_mode: z.enum(['one-way', 'hedge']), intents: z.array(z.object({ action: z.enum(['open', 'close']), pos: legName })) })

export const ops: Record<string, OpAdapter> = {
  intent_map: op(input, ({ position_mode: mode, intents }) => ({
    orders: intents.map(({ action: intent, pos }) => {
      const order = { mode, leg: legNamed(pos), intent }
      return { bybit: legParams(bybit.manifest, order), binance: legParams(binance.manifest, order) }
    }),
  })),
}
