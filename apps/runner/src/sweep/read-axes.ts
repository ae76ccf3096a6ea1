/** Reads what the command line says of a grid: `--param fast=5:20:5`, `--param fast=5,8,13`, `--param fast`. */
import { HedgerowError } from '@hedgerow/core'
import { describeParameters, type ParameterDescription } from '@hedgerow/strategy-sdk'
import type { z } from '@hedgerow/core/zod'
import type { StrategyClass } from '../backtest/options.ts'
import { parameterSchema, typedParameters } from '../config/strategies.ts'
import type { GridRange, ParameterAxes } from './grid.ts'

type Axis = ParameterAxes[string]

/** A parameter and the strategy that declares it. */
interface Declared {
  readonly strategy: StrategyClass
  readonly parameter: ParameterDescription
}

/**
 * The axes that texts describe; without any, those of every parameter that declares a range and a step.
 *
 * @throws HedgerowError `PARAMETER_INVALID` for an unknown name or a value that its schema refuses, `GRID_INVALID` where nothing says what to try.
 */
export function readAxes(strategies: readonly StrategyClass[], texts: readonly string[]): ParameterAxes {
  const declared = declaredBy(strategies)
  if (texts.length === 0) return declaredAxes(declared)
  return Object.fromEntries(texts.map((text): [string, Axis] => {
    const [, name = '', values] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? []
    const found = declared.get(name)
    if (found === undefined) throw new HedgerowError('PARAMETER_INVALID', { where: `--param ${name === '' ? text : name}`, found: 'an unknown parameter', expected: declared.size > 0 ? `one of ${[...declared.keys()].join(', ')}` : 'none: the strategy declares no parameters' })
    if (texts.filter((each) => each.split('=')[0] === name).length > 1) throw new HedgerowError('GRID_INVALID', { where: `--param ${name}`, found: `${name} more than once`, expected: 'each parameter once', remedy: `Write its values behind each other: --param ${name}=5,8,13.` })
    const axis = values === undefined ? (declaredAxis(found.parameter) ?? lacksRange(found.parameter)) : axisOf(found, values)
    return [name, requireAccepted(found, axis)]
  }))
}

function declaredBy(strategies: readonly StrategyClass[]): ReadonlyMap<string, Declared> {
  return new Map(strategies.toReversed().flatMap((strategy) => {
    const schema = parameterSchema(strategy)
    return schema === null ? [] : describeParameters(schema).map((parameter): [string, Declared] => [parameter.name, { strategy, parameter }])
  }))
}

function declaredAxes(declared: ReadonlyMap<string, Declared>): ParameterAxes {
  const axes = [...declared].flatMap(([name, { parameter }]): [string, Axis][] => {
    const axis = parameter.step === null ? null : declaredAxis(parameter)
    return axis === null ? [] : [[name, axis]]
  })
  if (axes.length > 0) return Object.fromEntries(axes)
  const names = [...declared.keys()]
  throw new HedgerowError('GRID_INVALID', {
    where: 'grid', found: names.length === 0 ? 'a strategy without parameters' : 'no parameter that declares .min(), .max() and .meta({ step })', expected: 'something to vary',
    remedy: names.length === 0 ? 'Declare parameters: static params = z.object({ ... }).' : `Name values: --param ${names[0]}=5:20:5, or --param ${names[0]}=5,8,13.`,
  })
}

/** What a schema says to try. */
function declaredAxis({ min, max, step, choices }: ParameterDescription): Axis | null {
  if (choices !== null) return choices
  return min === null || max === null || step === null ? null : { min, max, step }
}

function lacksRange({ name }: ParameterDescription): never {
  throw new HedgerowError('GRID_INVALID', { where: `--param ${name}`, found: 'a parameter that does not declare .min(), .max() and .meta({ step })', expected: 'values to try', remedy: `Name them: --param ${name}=5:20:5, or --param ${name}=5,8,13.` })
}

/** `5:20:5` and `5:20` are ranges, `5,8,13` lists; anything else is one value. */
function axisOf(found: Declared, text: string): Axis {
  const range = /^(-?[\d.]+):(-?[\d.]+)(?::(-?[\d.]+))?$/.exec(text)
  if (range !== null) return rangeOf(found.parameter, range)
  const texts = /^[[{"]/.test(text) ? [text] : text.split(',').map((value) => value.trim())
  return texts.filter((value) => value !== '').map((value) => typedParameters(found.strategy, { [found.parameter.name]: value })[found.parameter.name])
}

function rangeOf({ name, step, accepts }: ParameterDescription, [text = '', from = '', to = '', by]: readonly (string | undefined)[]): GridRange {
  const given = by === undefined ? (step ?? (accepts?.startsWith('an integer') === true ? 1 : null)) : Number(by)
  if (given === null) throw new HedgerowError('GRID_INVALID', { where: `--param ${name}`, found: text, expected: 'a step: the parameter declares none', remedy: `Write it as the third number: --param ${name}=${text}:0.5.` })
  return { min: Number(from), max: Number(to), step: given }
}

/** The ends of a range, or each value of a list, alone against its schema: rules between parameters are for the runs. */
function requireAccepted({ strategy, parameter: { name, accepts } }: Declared, axis: Axis): Axis {
  const schema = parameterSchema(strategy)?.shape[name] as z.ZodType | undefined
  const values: readonly unknown[] = 'step' in axis ? (axis.min <= axis.max ? [axis.min, axis.max] : []) : axis
  const refused = values.find((value) => schema?.safeParse(value).success === false)
  if (refused === undefined) return axis
  throw new HedgerowError('PARAMETER_INVALID', { where: `--param ${name}`, found: typeof refused === 'string' ? `"${refused}"` : JSON.stringify(refused), expected: accepts ?? 'a value that its schema accepts' })
}
