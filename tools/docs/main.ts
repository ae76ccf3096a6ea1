/** Writes the generated sections of the documentation. The tests fail where one is stale. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pages, refreshed, ROOT } from './markdown.ts'
import { SECTIONS } from './sections.ts'

for (const page of pages()) {
  const text = refreshed(page, SECTIONS)
  if (text === page.text) continue
  writeFileSync(join(ROOT, page.path), text)
  console.log(`docs: ${page.path} refreshed`)
}
