/** No key, secret or signature in any log, error, journal or crash dump: of a session that goes through trouble, and of one that cannot start. */
import { readdirSync, writeFileSync } from 'node:fs'
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { CrashScene, SYMBOL } from './crash-scene.ts'
import { leaksIn } from './secrets.ts'

const scenes: CrashScene[] = []

async function open(): Promise<CrashScene> {
  const scene = await CrashScene.open({ act: 'again' })
  scenes.push(scene)
  return scene
}

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close()
})

describe.runIf(process.env['HEDGEROW_TESTS'] === 'all')('secrets', { timeout: 120_000 }, () => {
  it('are in nothing that a session in trouble prints or writes, its crash dump included', async () => {
    const scene = await open()
    const { faults } = scene.lab.control
    scene.launch('', { NODE_OPTIONS: '--report-on-signal --report-signal=SIGUSR2' })
    await scene.running()
    const create = '/v5/order/create'
    faults.arm({ type: 'code', route: create, code: 10004, message: 'error sign! origin_string[check the signature]' }, { type: 'html', route: create }, { type: 'refused', route: create, status: 403 }, { type: 'lost-response', route: create }, { type: 'failed-response', route: create })
    await scene.minutes(3)
    scene.lab.control.cut()
    await scene.minutes(4)
    await scene.lab.control.glide({ [SYMBOL]: '94' })
    scene.signal('SIGUSR2')
    const reports = (): string[] => readdirSync(scene.folder.path).filter((name) => name.startsWith('report.'))
    await scene.until(() => reports().length > 0 && reports().every((name) => scene.folder.read(name).trimEnd().endsWith('}')))
    await scene.died({ now: true })
    expect(scene.printed.join('')).toContain('10004')
    expect(scene.leaks()).toEqual([])
  })

  it('are in no error of a session that cannot start', async () => {
    const scene = await open()
    scene.lab.control.faults.arm({ type: 'code', route: '/v5/account/info', code: 10003, message: `API key is invalid: ${scene.lab.credentials.key}`, times: 9 })
    scene.launch()
    expect(await scene.ended()).not.toBe(0)
    expect(scene.printed.join('')).toContain('10003')
    expect(scene.leaks()).toEqual([])
  })

  it('would be found', async () => {
    const scene = await open()
    const { key, secret } = scene.lab.credentials
    writeFileSync(join(scene.folder.state, 'log.jsonl'), `${key} ${createHmac('sha256', secret).update('x').digest('hex')}`)
    scene.printed.push(secret)
    expect(leaksIn(scene.folder.path, scene.printed, scene.lab.credentials).map((leak) => leak.split(' in ')[0])).toEqual(['the key', 'a signature', 'the secret'])
  })
})
