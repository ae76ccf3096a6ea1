/** The layout of ccxt that loading one class relies on, and what cannot be loaded. */
import { describe, expect, it } from 'vitest'
import { loadExchangeClass } from './ccxt-exchange.ts'

describe('loadExchangeClass', () => {
  it.each(['bybit', 'binanceusdm', 'okx'])('loads the pro class of %s by its file', async (id) => {
    const Exchange = await loadExchangeClass(id)
    expect(typeof new Exchange({}).request).toBe('function')
  })

  it('says which venue it does not have', async () => {
    await expect(loadExchangeClass('nowhere')).rejects.toMatchObject({ code: 'MODULE_NOT_LOADED', message: expect.stringContaining('"nowhere"') as string })
  }, 30_000)
})
