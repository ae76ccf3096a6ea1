/** `hedgerow backtest --watch`: runs again whenever the strategy, the configuration or a module that they import has changed. */
import { spawn, type ChildProcess } from 'node:child_process'
import { watch, type FSWatcher } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { CONFIG_NAMES } from '../config/load-config.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { hashOf, isLoadedFile, WATCHED } from './loaded-files.ts'

/** An editor writes a file in several steps: what comes within this time is one change. */
const DEBOUNCE_MS = 80
const NAMED = 4

/** Runs until it is interrupted. Each run is a process of its own, so that nothing of the last one is left. */
export async function watchCommand(args: readonly string[], { config, strategy }: { readonly config?: string; readonly strategy?: unknown }): Promise<ExitCode> {
  const given = [...(config === undefined ? CONFIG_NAMES : [config]), ...(typeof strategy === 'string' ? [strategy] : [])]
  return await new Watch(args, given.map((path) => resolve(path))).untilInterrupted()
}

class Watch {
  readonly #args: readonly string[]
  /** Content of each file when it was loaded, or last looked at. */
  readonly #files = new Map<string, string | null>()
  readonly #folders = new Map<string, FSWatcher>()
  #run: ChildProcess | null = null
  #timer: NodeJS.Timeout | null = null
  /** What has changed while a run was still going. */
  #isStale = false
  #isOver = false

  constructor(args: readonly string[], paths: readonly string[]) {
    this.#args = args.filter((arg) => arg !== '--watch')
    for (const path of paths) this.#see(path, hashOf(path))
  }

  untilInterrupted(): Promise<ExitCode> {
    const { promise, resolve: end } = Promise.withResolvers<ExitCode>()
    const stop = (): void => {
      this.#isOver = true
      for (const watcher of this.#folders.values()) watcher.close()
      if (this.#timer !== null) clearTimeout(this.#timer)
      // On a terminal the run hears of Ctrl-C itself; a second signal does no harm.
      this.#run?.kill('SIGINT')
      if (this.#run === null) end(EXIT.done)
      else this.#run.once('close', () => { end(EXIT.done) })
    }
    process.once('SIGINT', stop).once('SIGTERM', stop)
    this.#start()
    return promise
  }

  #start(): void {
    this.#isStale = false
    const [program = ''] = process.argv.slice(1)
    const run = spawn(process.execPath, [...process.execArgv, program, ...this.#args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, [WATCHED]: '1' } })
    this.#run = run
    run.on('message', (message) => { if (isLoadedFile(message)) this.#see(message.path, message.hash) })
    run.on('close', () => {
      this.#run = null
      if (this.#isOver) return
      if (this.#isStale) this.#start()
      else process.stderr.write(`\n  Watching ${this.#names([...this.#files].flatMap(([path, hash]) => (hash === null ? [] : [path])))}. Ctrl-C ends.\n`)
    })
  }

  #see(path: string, hash: string | null): void {
    this.#files.set(path, hash)
    const folder = dirname(path)
    if (this.#isOver || this.#folders.has(folder)) return
    try {
      // A folder, because editors replace files; what happened to which name is looked up in the files themselves.
      this.#folders.set(folder, watch(folder, (_event, name) => { if (name === null || this.#files.has(join(folder, name))) this.#soon() }))
    } catch {
      // A folder that is not there cannot be watched; the run says what it misses.
    }
  }

  #soon(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => { this.#look() }, DEBOUNCE_MS)
  }

  /** Runs again where a file reads differently: saving it unchanged is no change. */
  #look(): void {
    const changed = [...this.#files].flatMap(([path, known]) => {
      const hash = hashOf(path)
      return hash === known ? [] : [{ path, hash }]
    })
    if (changed.length === 0 || this.#isOver) return
    for (const { path, hash } of changed) this.#files.set(path, hash)
    process.stderr.write(`\n  ── ${this.#names(changed.map(({ path }) => path))} changed ──\n`)
    if (this.#run === null) return this.#start()
    this.#isStale = true
    this.#run.kill('SIGINT')
  }

  #names(paths: readonly string[]): string {
    const names = paths.map((path) => {
      const fromHere = relative(process.cwd(), path)
      return fromHere.startsWith('..') ? basename(path) : fromHere
    })
    return `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`
  }
}
