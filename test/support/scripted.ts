/** A strategy that does what a list says: for proofs about the engine, without the SDK. */
import type { Decimal, Leg, OrderType, Strategy, StrategyContext, StrategyEvent } from '@hedgerow/core'
import { decimal, floorToStep, roundToStep } from '@hedgerow/core'

/** One action at a bar. `offset` moves limit and trigger prices away from the current price, in tenths of a percent. */
export interface Action {
  readonly bar: number
  readonly leg: Leg
  readonly intent: 'open' | 'close'
  readonly type: OrderType
  readonly qty: string
  readonly offset: number
  readonly group?: string
  readonly postOnly?: boolean
}

/** Makes a strategy class out of a list of actions. `onEvent` sees everything that the strategy is told. */
export function scripted(actions: readonly Action[], onEvent?: (event: StrategyEvent, context: StrategyContext) => void): new () => Strategy {
  return class Scripted implements Strategy {
    readonly preventForcedClosure = false
    #context: StrategyContext | null = null

    start(context: StrategyContext): void {
      this.#context = context
    }

    bar(step: 'manage' | 'enter'): void {
      const context = this.#context
      if (context === null || step !== 'manage') return
      for (const action of actions) if (action.bar === context.index()) act(context, action)
    }

    handle(event: StrategyEvent): void {
      if (this.#context !== null) onEvent?.(event, this.#context)
    }

    end(): void {}
  }
}

function act(context: StrategyContext, action: Action): void {
  const { leg, intent, type } = action
  const price = context.price()
  const away = roundToStep(price.times(decimal(String(1 + action.offset / 1000))), context.instrument().tickSize, 'half-up')
  const isLimit = type === 'limit' || type === 'stop-limit' || type === 'take-profit-limit'
  const hasTrigger = type !== 'market' && type !== 'limit' && type !== 'trailing-stop'
  context.broker.submit({
    symbol: context.symbol, leg, intent, type,
    qty: floorToStep(decimal(action.qty), context.instrument().qtyStep),
    ...(isLimit ? { price: away } : {}),
    ...(hasTrigger ? { trigger: away } : {}),
    ...(type === 'trailing-stop' ? { trailing: { distance: distanceOf(price, action.offset, context) } } : {}),
    ...(action.group === undefined ? {} : { group: `${leg} ${action.group}` }),
    postOnly: action.postOnly === true && type === 'limit',
    role: intent === 'open' ? 'entry' : 'exit',
  })
}

function distanceOf(price: Decimal, offset: number, context: StrategyContext): Decimal {
  const { tickSize } = context.instrument()
  const distance = roundToStep(price.times(decimal(String((1 + Math.abs(offset)) / 1000))), tickSize, 'up')
  return distance.isZero() ? tickSize : distance
}
