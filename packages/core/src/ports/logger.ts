/** Where words for people go. */

/** Takes log lines; the level says who should care. */
export interface Logger {
  log(level: LogLevel, text: string): void
}

/** How loud a log line is. */
export type LogLevel = 'info' | 'warn' | 'error'
