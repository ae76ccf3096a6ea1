/** What the exit code of the command says. The launcher adds 78: Node is too old. */
export const EXIT = { done: 0, runFailed: 1, usage: 2, interrupted: 130 } as const

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
