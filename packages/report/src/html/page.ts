/** The page of one run: one file that needs nothing else. */
import { gzipSync } from 'node:zlib'
import { criticise, type Criticism } from '../criticism/criticism.ts'
import type { FinishedRun } from '../finished-run.ts'
import { packedPage } from '../view/page-data.ts'
import { chartSection, courseSection } from './chart-section.ts'
import { documentText, payloadMarkup } from './document.ts'
import { headSection, titleOf } from './head-section.ts'
import { html } from './markup.ts'
import { pageAssets } from './page-assets.ts'
import { ranSection } from './ran-section.ts'
import { hedgeSection, pathSection, scoreSection } from './score-section.ts'
import { analysisSection, monthsSection, tradesSection } from './trade-sections.ts'

/** What a page says beside the run. */
export interface ReportOptions {
  /** Shown at the top, in this order; what {@link criticise} says of the run where it is left out. */
  readonly criticism?: readonly Criticism[]
}

/** The page of a run as one HTML text. It opens from disk and asks nothing of a network. */
export async function reportHtml(run: FinishedRun, { criticism = criticise(run) }: ReportOptions = {}): Promise<string> {
  const { data, block } = packedPage(run)
  const body = html`${headSection(run, criticism)}
${chartSection(run)}
${scoreSection(run)}
${hedgeSection(run)}
${pathSection(run)}
${tradesSection(run)}
${analysisSection(run)}
${courseSection(run)}
${monthsSection(run)}
${ranSection(run)}
${payloadMarkup(data, gzipSync(block))}`
  return documentText({ title: titleOf(run), body, assets: await pageAssets() })
}
