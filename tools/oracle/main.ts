/**
 * `npm run oracle -- FILE...`: runs oracle cases over the real code. Without an argument: the cases of the shared folder
 * (`HEDGEROW_SHARED`, default `../shared`). Exit codes: 0 no failures, 1 failures, 2 a file that cannot be read.
 */
import { existsSync, readFileSync } from 'node:fs'
import { parseCases, type OracleFile } from './cases.ts'
import { ADAPTERS } from './ops.ts'
import { reportLines, runFile } from './run.ts'
import { SHARED_CASES } from './shared.ts'

process.exitCode = main(process.argv.slice(2))

function main(args: readonly string[]): number {
  try {
    const outcomes = filesOf(args).flatMap((file) => runFile(file, ADAPTERS))
    for (const line of reportLines(outcomes, ADAPTERS)) console.log(line)
    return outcomes.some((outcome) => outcome.status === 'failed') ? 1 : 0
  } catch (error) {
    console.error(`oracle: ${error instanceof Error ? error.message : String(error)}`)
    return 2
  }
}

function filesOf(args: readonly string[]): readonly OracleFile[] {
  if (args.length > 0) return args.map(read)
  if (existsSync(SHARED_CASES)) return [read(SHARED_CASES)]
  console.error(`oracle: NOTHING WAS CHECKED: there is no ${SHARED_CASES}. Set HEDGEROW_SHARED to the shared folder, or name a file: npm run oracle -- FILE`)
  return []
}

function read(path: string): OracleFile {
  if (!existsSync(path)) throw new Error(`there is no file ${path}; pass the path of a file of oracle cases`)
  return parseCases(readFileSync(path, 'utf8'), path)
}
