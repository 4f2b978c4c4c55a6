import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Instant } from '../../src/core/json.ts';
import { hasEnded } from '../../src/core/order.ts';
import type { StageTask } from '../../src/core/task.ts';
import { isHeld } from '../../src/core/task.ts';
import { START } from './instants.ts';
import type { Aftermath } from './world.ts';

/** SQS delays no message longer: what is due later has no timer of its own. */
const LONGEST_TIMER_MS = 900_000;

/**
 * What a timer of its own takes: it is set in whole seconds (1 s), by one clock and heard by another (2 s), it waits for a poll
 * and an instance, and its batch makes some calls (2 s).
 */
const TIMER_MS = 6000;

/** The sweep comes once a minute, looks with a clock of its own, and takes some seconds to get to the order. */
const SWEEP_MS = 60_000 + 10_000;

/** Canaries go every five minutes at least, some of them are lost, and a plugin may be closed once more. */
const PARKED_MS = 3_600_000;
const LONGEST_PAUSE_MS = 300_000;

function isParkedIn({ state }: JournalEntry, taskId: string, entry: number): boolean {
  // A paused order's tasks are not listed: it is decided on again when it goes on.
  if (!('stage' in state) || state.status === 'paused') return false;
  return (state.stage?.tasks ?? []).some(
    (task) => task.status === 'parked' && task.taskId === taskId && task.entry === entry,
  );
}

/** What was to happen at an instant, and happened later than it may. */
export function lateness(
  journal: readonly JournalEntry[],
  { ledger, scenario, heldByHand }: Aftermath,
): readonly string[] {
  const late: string[] = [];
  for (const [index, { state, orderId, at: since }] of journal.entries()) {
    // The clocks of a paused order stand still.
    if (!('stage' in state) || hasEnded(state) || state.status === 'paused') continue;
    const next = journal[index + 1];
    if (next === undefined) continue;
    for (const task of state.stage.tasks) {
      // Those that wait for a turn are looked at by themselves.
      if (isHeld(task) && task.entry === state.entry) {
        const own = scenario.behaviours[task.plugin];
        const sick = own?.sick;
        const failsFirst = (own?.failsFirst ?? 0) + (own?.undoing?.failsFirst ?? 0);
        const held = heldByHand.filter(({ plugin }) => plugin === task.plugin);
        const reopensAt = Math.max(...held.map(({ until }) => until), since);
        const wellAt = Math.max(reopensAt, START + (sick?.untilMs ?? 0));
        const left = journal
          .slice(index + 1)
          .find((one) => !isParkedIn(one, task.taskId, task.entry));
        const parkedMs = (left?.at ?? since) - wellAt;
        // A plugin that fails each order's first attempts is not well until all of them have been canaries.
        const unwellMs = failsFirst * scenario.requests.flat().length * LONGEST_PAUSE_MS;
        if (parkedMs <= PARKED_MS + unwellMs + ledger.heldUpMs(orderId, since, wellAt + PARKED_MS))
          continue;
        late.push(
          `entry ${left?.number}: ${task.job} was parked ${Math.round(parkedMs / 1000)} s after its plugin was well`,
        );
      }
      const due = dueOf(task, journal, 'resumedIn' in state ? (state.resumedIn ?? 0) : 0);
      if (due === undefined || due.at > next.at) continue;
      // In a pre or post stage, a task may be due that is not first; there is none.
      const from = Math.max(due.at, since);
      const lateMs = next.at - from;
      const hasTimer = due.hasTimer && due.at - due.setAt <= LONGEST_TIMER_MS;
      const heldUpMs = ledger.heldUpMs(orderId, due.setAt - 1000, next.at);
      // A timer that was not sent, or whose message failed, is made up for by the sweep.
      const allowedMs = hasTimer && heldUpMs === 0 ? TIMER_MS : SWEEP_MS + heldUpMs;
      if (lateMs <= allowedMs) continue;
      const [s, most] = [lateMs, allowedMs].map((ms) => Math.round(ms / 1000));
      late.push(`entry ${next.number}: ${due.what} came ${s} s late, and may at most ${most} s`);
    }
  }
  return late;
}

function dueOf(
  task: StageTask,
  journal: readonly JournalEntry[],
  resumedIn: number,
): { at: Instant; setAt: Instant; what: string; hasTimer: boolean } | undefined {
  // When a pause ends, all timers are set again.
  const at = ({ entry }: { readonly entry: number }) =>
    journal[Math.max(entry, resumedIn)]?.at ?? 0;
  switch (task.status) {
    case 'backingOff':
      return {
        at: task.retryAt,
        setAt: at(task),
        what: `the retry of ${task.job}`,
        hasTimer: true,
      };
    case 'waiting':
      return { at: task.until, setAt: at(task), what: 'the end of a wait', hasTimer: true };
    case 'inFlight': {
      const { dispatchedAt, deadlineAt, job, pausedMs = 0 } = task;
      const hasTimer = deadlineAt - dispatchedAt - pausedMs <= 60_000;
      const setAt = Math.max(dispatchedAt, journal[resumedIn]?.at ?? 0);
      return { at: deadlineAt, setAt, what: `the deadline of ${job}`, hasTimer };
    }
    // Its clocks stand still.
    case 'parked':
    case 'planned':
    case 'plannedWait':
    case 'plannedChoice':
    case 'chosen':
    case 'plannedRepeat':
    case 'repeatDecided':
    case 'completed':
    case 'failed':
    case 'skipped':
    case 'calledOff':
    case 'waited':
      return undefined;
  }
}
