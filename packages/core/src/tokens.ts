/**
 * Names under which the parts of a session meet in a container. A token carries the type of its part, so a wrong
 * implementation does not compile; it is a registered symbol, so two copies of core still mean the same part.
 */
import type { AccountMargin } from './broker/account-margin.ts'
import type { Outbox } from './broker/outbox.ts'
import type { SessionBroker } from './broker/session-broker.ts'
import type { PositionStore } from './ports/position-store.ts'
import type { Logger } from './ports/logger.ts'
import type { BacktestEngine, EngineRoute } from './session/backtest-engine.ts'
import type { EventLog } from './session/event-log.ts'
import type { MarketState } from './session/market-state.ts'
import type { RunRecorder } from './session/run-recorder.ts'
import type { RunWarnings } from './session/run-warnings.ts'
import type { EventClock, Session } from './session/session.ts'
import type { SessionState } from './state/session-state.ts'

declare const part: unique symbol

/** The name of a part of type `T`. */
export type Token<T> = symbol & { readonly [part]?: T }

function token<T>(name: string): Token<T> {
  return Symbol.for(`@hedgerow/core:${name}`)
}

/** The parts of a session. */
export const TOKENS: {
  readonly Clock: Token<EventClock>
  readonly Logger: Token<Logger>
  readonly PositionStore: Token<PositionStore>
  readonly SessionState: Token<SessionState>
  readonly MarketData: Token<MarketState>
  readonly AccountMargin: Token<AccountMargin>
  readonly Outbox: Token<Outbox>
  readonly Broker: Token<SessionBroker>
  readonly Routes: Token<readonly EngineRoute[]>
  readonly Session: Token<Session>
  readonly EventLog: Token<EventLog>
  readonly RunRecorder: Token<RunRecorder>
  readonly RunWarnings: Token<RunWarnings>
  readonly BacktestEngine: Token<BacktestEngine>
} = {
  Clock: token('Clock'),
  Logger: token('Logger'),
  PositionStore: token('PositionStore'),
  SessionState: token('SessionState'),
  MarketData: token('MarketData'),
  AccountMargin: token('AccountMargin'),
  Outbox: token('Outbox'),
  Broker: token('Broker'),
  Routes: token('Routes'),
  Session: token('Session'),
  EventLog: token('EventLog'),
  RunRecorder: token('RunRecorder'),
  RunWarnings: token('RunWarnings'),
  BacktestEngine: token('BacktestEngine'),
}
