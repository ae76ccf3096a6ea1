/** The container: one child a session, explicit tokens, no decorators. Two backtests in one process share nothing. */
import type { Token } from '@hedgerow/core'
import { container, instancePerContainerCachingFactory, type DependencyContainer } from './tsyringe.ts'

/** Reads parts of one session. */
export type Get = <T>(token: Token<T>) => T

/** The parts of one session, made when they are first asked for. */
export class SessionContainer {
  readonly #container: DependencyContainer = container.createChildContainer()

  /** Says how a part is made; it is made once. */
  bind<T>(token: Token<T>, make: (get: Get) => T): this {
    this.#container.register<T>(token, { useFactory: instancePerContainerCachingFactory(() => make(this.get)) })
    return this
  }

  readonly get: Get = (token) => this.#container.resolve(token)
}
