/** Writes the generated parts of the documentation: sections of its pages, and the schema of `result.json`. The tests fail where one is stale. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { resultJsonSchema } from '@hedgerow/report'
import { pages, refreshed, ROOT } from './markdown.ts'
import { SECTIONS } from './sections.ts'

for (const page of pages()) {
  const text = refreshed(page, SECTIONS)
  if (text === page.text) continue
  writeFileSync(join(ROOT, page.path), text)
  console.log(`docs: ${page.path} refreshed`)
}

writeFileSync(join(ROOT, 'docs/result.schema.json'), `${JSON.stringify(resultJsonSchema(), null, 2)}\n`)
