/** Where the shared cases are. */
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

/** The cases of the shared folder: `$HEDGEROW_SHARED/oracle/cases.json`, by default beside the repository. */
export const SHARED_CASES: string = resolve(ROOT, process.env['HEDGEROW_SHARED'] ?? '../shared', 'oracle/cases.json')
