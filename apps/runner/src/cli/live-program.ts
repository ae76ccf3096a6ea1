/** The commands around a live session: their flags and help. Each loads its code when it is called. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { ControlFlags } from './control-command.ts'
import type { ExitCode } from './exit-codes.ts'
import type { LiveFlags } from './live-command.ts'

type End = (code: ExitCode) => void

const CONFIG = ['--config <file>', 'configuration (left out: hedgerow.config.ts of this folder)'] as const
const FRESH = ['--fresh-strategies', 'keep orders, legs, money and vars; load all bars and start strategies anew'] as const
const STATE = ['--state <folder>', 'state folder (left out: live.state of the configuration)'] as const

/** Adds the commands to a program. */
export function addLiveCommands(program: Command, end: End): void {
  program.command('live')
    .summary('trade on the venue of the configuration')
    .description('Trades live: replays its journal, reconciles each leg with the venue, then lets the strategies trade.\nCtrl-C stops gracefully: legs and their protective orders stay at the venue.')
    .option(...CONFIG).option(...STATE).option('--quiet', 'no lines below warnings on the screen').option(...FRESH)
    .addHelpText('after', LIVE_HELP)
    .action(async (flags: LiveFlags) => { end(await (await import('./live-command.ts')).liveCommand(flags, 'live')) })
  program.command('paper')
    .summary('trade on paper with the prices of the venue')
    .description('The same session as `hedgerow live`, with the venue\'s prices and a paper account: each minute that closes is matched as in a backtest.\nNeeds no key. The account starts with exchange.startingBalance and is kept in its own state folder.')
    .option(...CONFIG).option(...STATE).option('--quiet', 'no lines below warnings on the screen').option(...FRESH)
    .action(async (flags: LiveFlags) => { end(await (await import('./live-command.ts')).liveCommand(flags, 'paper')) })
  program.command('doctor')
    .summary('check keys, modes, clock and state before going live')
    .description('Asks the venue what a live session would need and says what is not as it should be. Changes nothing, shows no secret.')
    .option(...CONFIG).option(...STATE).option('--json', 'print the findings as JSON')
    .action(async (flags: ControlFlags) => { end(await (await import('./doctor-command.ts')).doctorCommand(flags)) })
  controlled(program.command('status').summary('show what a running session holds').description('Shows legs, stops, orders, halts and the kill switch of a running session.'))
    .action(async (flags: ControlFlags) => { end(await (await import('./control-command.ts')).statusCommand(flags)) })
  controlled(program.command('kill').summary('switch trading off: pause, cancel or flatten')
    .description('Sets the kill switch of a running session. It stays set over restarts, until resume.')
    .argument('<level>', 'pause: nothing opens. cancel: also cancels what would open. flatten: also closes every leg at market'))
    .addOption(new Option('--reason <text>', 'kept with it'))
    .action(async (level: string, flags: ControlFlags & { readonly reason?: string }) => { end(await (await import('./control-command.ts')).killCommand(levelOf(level), flags)) })
  controlled(program.command('resume').summary('lift the kill switch').description('Lifts the kill switch of a running session.'))
    .action(async (flags: ControlFlags) => { end(await (await import('./control-command.ts')).killCommand('running', { ...flags, reason: 'resumed' })) })
  controlled(program.command('stop').summary('stop a running session').description('Stops a running session gracefully: legs and resting orders stay at the venue.'))
    .action(async (flags: ControlFlags) => { end(await (await import('./control-command.ts')).stopCommand(flags)) })
  program.command('replay')
    .summary('run a journal through the session again')
    .description('Replays the journal of a live session with the strategies of the configuration, and prints the state and the hash of everything that happened.')
    .argument('<journal>', 'journal.sqlite of a state folder').option(...CONFIG).option('--json', 'print the result as JSON')
    .action(async (journal: string, flags: ControlFlags) => { end(await (await import('./replay-command.ts')).replayCommand(journal, flags)) })
}

function controlled(command: Command): Command {
  return command.option(...CONFIG).option(...STATE).option('--json', 'print the status as JSON')
}

function levelOf(text: string): 'pause' | 'cancel' | 'flatten' {
  if (text === 'pause' || text === 'cancel' || text === 'flatten') return text
  throw new InvalidArgumentError(`expected pause, cancel or flatten, found "${text}"`)
}

const LIVE_HELP = `
Before the first time:
  hedgerow doctor                keys, permissions, modes, leverage, clock
  docs/going-live.md             from a backtest to the first order

While it runs, from another terminal:
  hedgerow status                legs, stops, orders, halts
  hedgerow kill pause            nothing opens any more
  hedgerow kill flatten          closes every leg at market
  hedgerow resume                lifts the kill switch

Exit codes: 0 stopped on request, 1 stopped by a failure, 2 wrong usage or
configuration, 130 interrupted. The commands above end with 1 when no session
is running, doctor when something would keep one from starting.
`
