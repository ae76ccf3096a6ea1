/** Where the data folder is. */
import { resolve } from 'node:path'
import type { ParquetCandleStore } from './parquet-candle-store.ts'

/** The folder in the working directory, where nothing else is said. */
export const DEFAULT_DATA_FOLDER = 'hedgerow-data'

/** The variable that names another. */
export const DATA_FOLDER_VARIABLE = 'HEDGEROW_DATA'

/** The absolute path: what was given (a flag, a key), else what the environment names, else `hedgerow-data` here. */
export function dataFolder(given: string | undefined, cwd: string): string {
  const named = process.env[DATA_FOLDER_VARIABLE]
  return resolve(cwd, given ?? (named === undefined || named === '' ? DEFAULT_DATA_FOLDER : named))
}

/** Opens a data folder from a program; without a name the one that the commands use. Its code is loaded when it is first called. */
export async function openDataFolder(folder?: string): Promise<ParquetCandleStore> {
  const { ParquetCandleStore: Store } = await import('./parquet-candle-store.ts')
  return new Store(dataFolder(folder, process.cwd()))
}
