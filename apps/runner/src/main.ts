/** The entry of the `hedgerow` command. */
import { enableCompileCache } from 'node:module'

// Before the first import that costs: later starts find everything compiled.
enableCompileCache()
const { runCommand } = await import('./cli/command.ts')
// A reader such as `head` may leave early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error })
process.exitCode = await runCommand(process.argv.slice(2))
