/** Folders in which the blocks of each page run as they would in a clone of the repository. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { ROOT } from './markdown.ts'

/** Where the folders of all pages are: git ignores it. */
const WORKSPACES = join(ROOT, '.docs')

/** What of the repository a block may name; `node_modules` so that its modules find the packages. */
const LINKED = ['apps', 'examples', 'node_modules', 'packages', 'tools']

/** What a command or a program has said. */
export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** One page's folder, made anew. */
export class Workspace {
  readonly folder: string
  /** Folder of real market data that commands and programs see; by default one that does not exist. */
  shared: string = join(WORKSPACES, 'no-shared-data')

  constructor(name: string) {
    this.folder = join(WORKSPACES, name)
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.folder, { recursive: true })
    for (const entry of LINKED) symlinkSync(join(ROOT, entry), join(this.folder, entry))
    copyFileSync(join(ROOT, 'package.json'), join(this.folder, 'package.json'))
  }

  /** Writes a file of the page. */
  write(path: string, text: string): void {
    const target = join(this.folder, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
  }

  /** Runs the lines of a `sh` block; the first that fails ends it. */
  shell(code: string): Ran {
    return this.#spawn('sh', ['-ec', code])
  }

  /** Runs a module as a program. */
  program(path: string): Ran {
    return this.#spawn('node', ['--conditions=@hedgerow/source', path])
  }

  #spawn(command: string, args: readonly string[]): Ran {
    return spawn(command, args, this.folder, { HEDGEROW_SHARED: this.shared, NO_COLOR: '1' })
  }
}

/** Type-checks files of the workspaces as an author would, in one go; what the compiler says of them, and not of the sources behind them. */
export function typeProblems(files: readonly string[]): string[] {
  writeFileSync(join(WORKSPACES, 'tsconfig.json'), JSON.stringify({
    extends: '../tsconfig.tests.json',
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false, tsBuildInfoFile: './.tsbuildinfo' },
    files, include: [], references: [],
  }))
  const { stdout } = spawn('tsc', ['-p', '.', '--pretty', 'false'], WORKSPACES, {})
  return stdout.split(/\n(?! )/).filter((problem) => problem.trim() !== '' && !problem.startsWith('..'))
}

function spawn(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Ran {
  const path = `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env: { ...process.env, ...env, PATH: path }, encoding: 'utf8', timeout: 60_000 })
  if (error !== undefined) throw error
  return { status, stdout, stderr }
}
