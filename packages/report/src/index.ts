/** A finished run, to look at. */
export { criticise } from './criticism/criticism.ts'
export type { Criticism, Severity } from './criticism/criticism.ts'
export { COURSE_COLUMNS, SCHEMA_VERSION } from './finished-run.ts'
export type { ComparedRun, Course, CourseColumn, FinishedRun, LegState, PairChange, ParameterRange, PriceCandles, RunCounts, RunData, RunHeader, RunKind, RunMarket, RunRoute, RunWarning } from './finished-run.ts'
export { candlesFileOf } from './read/candles-file.ts'
export { readRun } from './read/read-run.ts'
export { COURSE_TEXTS, courseRows, POSITION_COLUMNS } from './read/run-columns.ts'
export type { CourseRow, TextColumn } from './read/run-columns.ts'
