/** Makes one script of the browser code and of the chart library: what a page carries. */
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** The script, minified; the licence notes of what it contains stay in it. */
export async function bundlePage(): Promise<string> {
  const bundle = await rolldown({
    input: join(import.meta.dirname, '../src/page/main.ts'), platform: 'browser', logLevel: 'warn',
    resolve: { conditionNames: ['production', 'import', 'default'] },
  })
  try {
    const { output: [chunk, ...others] } = await bundle.generate({ format: 'iife', minify: true, comments: { legal: true } })
    if (others.length > 0) throw new Error(`the page is ${others.length + 1} files: it has to be one`)
    return chunk.code
  } finally {
    await bundle.close()
  }
}
