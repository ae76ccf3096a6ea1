/** A picture of a run, or of several, as PNG, without a browser. */
import type { FinishedRun } from '../finished-run.ts'
import type { NamedRun } from '../html/comparison-page.ts'
import { comparisonSvg } from './comparison-picture.ts'
import type { Theme } from './palette.ts'
import { runSvg } from './run-picture.ts'

/** The bytes of a picture. */
export interface RunPicture {
  readonly png: Uint8Array
  /** False where the system has no font: the picture is then without texts. */
  readonly hasTexts: boolean
}

/** Pixels of the picture for one of its drawing: sharp on screens of today. */
const ZOOM = 1.5

/** Draws the run and renders it. Fonts are those of the system. */
export function runPng(run: FinishedRun, options: { readonly theme?: Theme } = {}): Promise<RunPicture> {
  return rendered(runSvg(run, options))
}

/** Draws several runs side by side, as {@link runPng} does one. */
export function comparisonPng(runs: readonly NamedRun[], options: { readonly theme?: Theme } = {}): Promise<RunPicture> {
  return rendered(comparisonSvg(runs, options))
}

async function rendered(svg: string): Promise<RunPicture> {
  const { Resvg } = await import('@resvg/resvg-js')
  const font = { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans' }
  const probe = new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="5" y="20" font-size="12">long</text></svg>', { font })
  const png = new Resvg(svg, { font, fitTo: { mode: 'zoom', value: ZOOM } }).render().asPng()
  return { png: new Uint8Array(png), hasTexts: probe.getBBox() !== undefined }
}
