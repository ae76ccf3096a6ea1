/** `hedgerow data check`: reads everything and says what is wrong or missing. */
import { relative } from 'node:path'
import { countText } from '@hedgerow/report/run'
import { paintFor } from '../output/paint.ts'
import { checkSeries, type SeriesCheck } from '../store/check-series.ts'
import { notStored, seriesThatFit } from '../store/choose-series.ts'
import { dataFolder } from '../store/data-folder.ts'
import { seriesText } from '../store/series.ts'
import { emptyText } from './data-list-command.ts'
import { factLine, gapText, idOfFlags, reporting, type DataFlags } from './data-options.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

const VIOLATIONS_SHOWN = 10

/** Checks the series that the flags name, all of them without flags. */
export async function dataCheckCommand(flags: DataFlags): Promise<ExitCode> {
  return await reporting(async () => {
    const folder = dataFolder(flags.data, process.cwd())
    const wanted = idOfFlags(flags)
    const series = seriesThatFit(folder, wanted)
    if (series.length === 0 && Object.values(wanted).some((part) => part !== undefined)) throw notStored(folder, wanted)
    if (series.length === 0) process.stdout.write(flags.json === true ? '[]\n' : emptyText(relative(process.cwd(), folder) || '.'))
    const checks: SeriesCheck[] = []
    for (const id of series) {
      const check = await checkSeries(folder, id)
      checks.push(check)
      if (flags.json !== true) process.stdout.write(checkText(check))
    }
    if (flags.json === true && series.length > 0) process.stdout.write(`${JSON.stringify(checks)}\n`)
    const bad = checks.filter(({ violations }) => violations.length > 0).length
    if (flags.json !== true && series.length > 0) process.stdout.write(bad === 0 ? `\n  ${countText(checks.length)} series, all whole.\n\n` : `\n  ${countText(bad)} of ${countText(checks.length)} series have violations. Import their ranges again: hedgerow data import FILE --overlap replace\n\n`)
    return bad === 0 ? EXIT.done : EXIT.runFailed
  })
}

function checkText({ id, rows, sha256, gaps, violations }: SeriesCheck): string {
  const paint = paintFor(process.stdout)
  return [
    `\n  ${paint('title', seriesText(id))}\n`,
    factLine('rows', countText(rows)),
    factLine('sha256', sha256),
    ...(id.kind === 'funding' ? [] : [factLine('gaps', gapText(gaps))]),
    factLine('violations', violations.length === 0 ? 'none' : paint('bad', countText(violations.length))),
    ...violations.slice(0, VIOLATIONS_SHOWN).map(({ where, found, expected }) => `    ${relative(process.cwd(), where) || where}: ${found}. Expected: ${expected}.\n`),
  ].join('')
}
