import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import { historyOf, tasksOf } from '../../src/core/journal-entry.ts';
import { hasEnded } from '../../src/core/order.ts';
import { dueAt } from '../../src/core/wake-up.ts';
import type { Scenario } from './scenario.ts';
import { scenario } from './scenario.ts';
import type { Ending } from './sequential-model.ts';
import { endingOf } from './sequential-model.ts';
import type { Aftermath, Weather } from './world.ts';
import { runWorld } from './world.ts';

/** More of them: `BATON_RUNS=20000`. The same ones again: `BATON_SEED`. */
const RUNS = Number(process.env.BATON_RUNS ?? 100);
const SEED = Number(process.env.BATON_SEED ?? Date.now() % 2 ** 31);

const HOURS = 10 * 3_600_000;

const CALM: Weather = {
  ...{ dies: 0, fails: 0, doubles: 0, delays: 0, loses: 0, cancels: 0, dawdles: 0 },
};
const STORM: Weather = {
  ...{ dies: 0.02, fails: 0.02, doubles: 0.1, delays: 0.1, loses: 0.03, cancels: 0, dawdles: 0.02 },
};
/** Baton itself dies all the time, but its plugins answer at once. */
const EARTHQUAKE: Weather = { ...CALM, dies: 0.03, fails: 0.02, doubles: 0.15, sweepsWell: true };

const journalOf = ({ journals }: Aftermath, index: number): readonly JournalEntry[] =>
  journals.get(`o${index + 1}`) ?? [];

/** How the order did end, told in the words of the model. */
function endedAs(journal: readonly JournalEntry[]): Ending | { status: string } {
  const state = journal.at(-1)?.state;
  const jobs = historyOf(journal).jobs as Ending['jobs'];
  if (state?.status === 'completed') return { status: 'completed', result: state.result, jobs };
  if (state?.status === 'failed') return { status: 'failed', task: state.error.task, jobs };
  return { status: state?.status ?? 'unknown' };
}

function expectSound(journal: readonly JournalEntry[]): void {
  expect(journal.map(({ number }) => number)).toEqual([...journal.keys()]);
  expect(JSON.parse(JSON.stringify(journal))).toEqual(journal);
  const results = journal.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'TaskCompleted' ? [event.taskId] : [])),
  );
  expect(results).toEqual([...new Set(results)]);
  expect(journal.findIndex(({ state }) => hasEnded(state))).toBe(journal.length - 1);
  for (const { state, number } of journal) {
    expect(state.entry).toBe(number);
    if (!('stage' in state)) continue;
    const due = state.stage.tasks.map(dueAt).filter((at) => at !== undefined);
    expect(state.wakeUp.at).toBeLessThanOrEqual(Math.min(...due));
  }
}

/** Whoever gets an attempt more than once gets the same task each time. */
function expectOneTaskPerAttempt({ received }: Aftermath): void {
  for (const messages of received.values()) {
    const [first, ...more] = messages.map(({ invited: _, ...rest }) => rest);
    for (const one of more) expect(one).toEqual(first);
  }
}

/** In bad weather a fact may be lost, namely one of a decision that the sweeper led to; a wrong one is never told. */
function expectToldOf(
  { facts }: Aftermath,
  { index, status, allOf }: { index: number; status: string; allOf: boolean },
): void {
  const about = facts.filter(({ orderId }) => orderId === `o${index + 1}`);
  const types = new Set<string>(about.map(({ type }) => type));
  types.delete('task.failed');
  const expected = new Set([`order.${status}`, 'order.started']);
  expect([...types].filter((type) => !expected.has(type))).toEqual([]);
  if (allOf) expect(types).toEqual(expected);
}

/** No attempt ever runs out of time that was sent to a plugin which answers at once. */
function expectNothingTimedOut(journal: readonly JournalEntry[]): void {
  const codes = journal.flatMap(({ state }) =>
    'stage' in state
      ? state.stage.tasks.flatMap((task) => ('error' in task ? [task.error.code] : []))
      : [],
  );
  expect(codes).not.toContain('TASK_TIMED_OUT');
  expect(codes).not.toContain('HEARTBEAT_MISSED');
}

const seen = { orders: 0, entries: 0 };

async function check(weather: Weather): Promise<void> {
  const property = fc.asyncProperty(scenario, async (one: Scenario) => {
    const aftermath = await runWorld(one, weather);
    expect(aftermath.active).toBe(0);
    expectOneTaskPerAttempt(aftermath);
    one.orders.forEach((order, index) => {
      const journal = journalOf(aftermath, index);
      const expected = endingOf(one, order);
      expectSound(journal);
      if (weather === EARTHQUAKE) expectNothingTimedOut(journal);
      seen.orders += 1;
      seen.entries += journal.length;
      const ending = endedAs(journal);
      if (weather.cancels > 0 && ending.status === 'cancelled') return;
      expect(ending).toEqual(expected);
      const statuses = new Set<string>(tasksOf(journal).map(({ status }) => status));
      expect(['completed', 'failed']).toEqual(expect.arrayContaining([...statuses]));
      expectToldOf(aftermath, { index, status: expected.status, allOf: weather === CALM });
    });
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: false });
}

describe('whatever befalls its messages, every order ends as in a plain sequential model', () => {
  console.log(`random workflows: ${RUNS} runs, BATON_SEED=${SEED}`);

  it('when nothing befalls them', () => check(CALM), HOURS);

  it(
    'when processes die and calls fail; and no command is ever lost',
    () => check(EARTHQUAKE),
    HOURS,
  );

  it('when messages are doubled, delayed, overtaken and lost as well', () => check(STORM), HOURS);

  it('unless it is cancelled, at any moment', () => check({ ...STORM, cancels: 0.5 }), HOURS);

  afterAll(() => {
    console.log(`${seen.orders} orders, ${seen.entries} journal entries`);
  });
});
