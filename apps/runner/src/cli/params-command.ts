/** `hedgerow params`: what can be set on a strategy. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeParameters, type ParameterSchema } from '@hedgerow/strategy-sdk'
import { strategyUrl } from '../config/modules.ts'
import { loadStrategy, parameterSchema } from '../config/strategies.ts'
import { paintFor } from '../output/paint.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { errorReport } from './report-error.ts'

/** Prints the parameters of a strategy with range, default and meaning. */
export async function paramsCommand(specifier: string): Promise<ExitCode> {
  try {
    const url = strategyUrl(specifier, process.cwd())
    const strategy = await loadStrategy(url)
    const paint = paintFor(process.stdout)
    process.stdout.write(`\n  ${paint('title', strategy.name)}  ${paint('quiet', relative(process.cwd(), fileURLToPath(url)))}\n\n${parameterLines(parameterSchema(strategy)).map((line) => `  ${line}\n`).join('')}\n`)
    return EXIT.done
  } catch (error) {
    process.stderr.write(errorReport(error, paintFor(process.stderr)))
    return EXIT.usage
  }
}

function parameterLines(schema: ParameterSchema | null): string[] {
  const rows = (schema === null ? [] : describeParameters(schema)).map(({ name, accepts, fallback, meaning }) => [name, accepts ?? '', fallback === undefined ? 'required' : `default ${JSON.stringify(fallback)}`, meaning])
  if (rows.length === 0) return ['It has no parameters.']
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ').trimEnd())
}
