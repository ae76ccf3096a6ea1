/** Puts the script and the style of the page beside the built code, for the published package. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundlePage } from './bundle-page.ts'

const dist = join(import.meta.dirname, '../dist')

mkdirSync(dist, { recursive: true })
writeFileSync(join(dist, 'page.js'), await bundlePage())
copyFileSync(join(import.meta.dirname, '../src/page/page.css'), join(dist, 'page.css'))
