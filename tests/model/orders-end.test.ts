import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import { historyOf } from '../../src/core/journal-entry.ts';
import { hasEnded } from '../../src/core/order.ts';
import { dueAt } from '../../src/core/wake-up.ts';
import type { Scenario } from './scenario.ts';
import { scenario } from './scenario.ts';
import type { Ending } from './sequential-model.ts';
import { endingOf } from './sequential-model.ts';
import type { Aftermath, Weather } from './world.ts';
import { runWorld } from './world.ts';

/** More of them: `BATON_RUNS=20000`. The same ones again: `BATON_SEED`. */
const RUNS = Number(process.env.BATON_RUNS ?? 150);
const SEED = Number(process.env.BATON_SEED ?? Date.now() % 2 ** 31);

const CALM: Weather = { dies: 0, fails: 0, doubles: 0, delays: 0, loses: 0, cancels: 0 };
const STORM: Weather = {
  dies: 0.02,
  fails: 0.02,
  doubles: 0.1,
  delays: 0.1,
  loses: 0.03,
  cancels: 0,
};

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

function expectToldOf({ facts }: Aftermath, index: number, status: string): void {
  const about = facts.filter(({ orderId }) => orderId === `o${index + 1}`);
  const types = new Set(about.map(({ type }) => type).filter((type) => type.startsWith('order.')));
  expect([...types].sort()).toEqual([`order.${status}`, 'order.started'].sort());
}

async function check(weather: Weather): Promise<void> {
  const property = fc.asyncProperty(scenario, async (one: Scenario) => {
    const aftermath = await runWorld(one, weather);
    expect(aftermath.active).toBe(0);
    expectOneTaskPerAttempt(aftermath);
    one.orders.forEach((order, index) => {
      const journal = journalOf(aftermath, index);
      const expected = endingOf(one, order);
      expectSound(journal);
      expect(endedAs(journal)).toEqual(expected);
      expectToldOf(aftermath, index, expected.status);
    });
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: false });
}

describe('whatever befalls its messages, every order ends as in a plain sequential model', () => {
  console.log(`random workflows: ${RUNS} runs, BATON_SEED=${SEED}`);

  it('when nothing befalls them', () => check(CALM), 3_600_000);

  it(
    'when messages are doubled, delayed, overtaken and lost, calls fail and processes die',
    () => check(STORM),
    3_600_000,
  );
});
