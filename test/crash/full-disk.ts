/**
 * Loaded into `hedgerow live` before it starts: once the file that `HEDGEROW_TEST_DISK_FULL` names is there, its databases may not grow by a single
 * page, and SQLite itself says "database or disk is full". Nothing of the program knows of it.
 */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const sign = process.env['HEDGEROW_TEST_DISK_FULL'] ?? ''

if (sign !== '') {
  const exec: DatabaseSync['exec'] = Reflect.get(DatabaseSync.prototype, 'exec')
  DatabaseSync.prototype.exec = function (sql) {
    // SQLite takes the size of the file for a limit that is below it.
    if (sql.startsWith('begin') && existsSync(sign)) exec.call(this, 'pragma max_page_count = 1')
    exec.call(this, sql)
  }
}
