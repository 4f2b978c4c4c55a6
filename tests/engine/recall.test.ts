import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import { createRecall } from '../../src/engine/recall.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { Happening } from '../core/order-specification.ts';
import { given } from '../core/order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  deadLettered,
  deadlinePassed,
  expired,
  failedUntil,
  heartbeat,
  plugins,
  putOff,
  seconds,
  timerPassed,
  workflow,
} from '../core/vocabulary.ts';

const setting = { workflow: workflow({ pre: ['A', 'B', 'C'] }), plugins: plugins('A', 'B', 'C') };

/** Searches the journal of an order of A, B and C to which this has happened: the numbers that are found, and those that were read. */
async function search(past: readonly Happening[], ...events: readonly OrderEvent[]) {
  const { journal } = await given(setting, ...past).told();
  const read: number[] = [];
  const recall = createRecall(
    journal.at(-1) as JournalEntry,
    {
      async *newestFirst() {
        for (const entry of journal.toReversed()) {
          read.push(entry.number);
          yield entry;
        }
      },
    } as unknown as Journal,
  );
  const found = await recall.entriesOf(events);
  return { found: found.map(({ number }) => number), read };
}

it('a decision sees the entries up to the one that it began with, and reads them once', async () => {
  const { journal } = await given(setting, accepted(), completed('t1', 1)).told();
  let read = 0;
  const recall = createRecall(
    journal[1] as JournalEntry,
    {
      async entries() {
        read += 1;
        return journal;
      },
    } as unknown as Journal,
  );
  expect((await recall.entries()).map(({ number }) => number)).toEqual([0, 1]);
  expect(await recall.entries()).toHaveLength(2);
  expect(read).toBe(1);
});

describe('the entry that took an event', () => {
  const done = [accepted(), completed('t1', 1), completed('t2', 2), completed('t3', 3)];

  it('is found going backwards, and nothing is read beyond it', async () => {
    expect(await search(done, completed('t2', 2))).toEqual({ found: [3], read: [4, 3] });
  });

  it('is found for each of several events, oldest first, each once', async () => {
    const { found } = await search(done, completed('t3', 3), accepted(), completed('t1', 1));
    expect(found).toEqual([1, 2, 4]);
    const batch = [accepted(), [completed('t1', 1), failedUntil('t2', 9)]];
    const both = await search(batch, completed('t1', 1), completed('t1', 1));
    expect(both.found).toEqual([2]);
  });

  it('is not looked for before its task had started', async () => {
    const answer = { ...completed('t2', 2), by: 'nobody' };
    expect(await search([accepted(), completed('t1', 1)], answer)).toEqual({
      found: [],
      read: [2, 1],
    });
    const unknown = [
      completed('t2', 2),
      failedUntil('t2', 2),
      expired('t2', 2),
      deadLettered('t2', 2),
    ];
    for (const event of unknown) {
      expect(await search([accepted()], event)).toEqual({ found: [], read: [] });
    }
  });

  it('is looked for up to the beginning for what may come at any time', async () => {
    const all = [4, 3, 2, 1, 0];
    expect(await search(done, cancelRequested())).toEqual({ found: [], read: all });
    expect(await search([...done.slice(0, 3)], accepted())).toMatchObject({ found: [1] });
  });

  it('is another one for another attempt, another plugin, or another kind of event', async () => {
    const past = [accepted(), expired('t1', 5)];
    expect((await search(past, expired('t1', 5))).found).toEqual([2]);
    expect((await search(past, expired('t1', 5, 2))).found).toEqual([]);
    expect((await search(past, { ...expired('t1', 5), by: 'A' } as OrderEvent)).found).toEqual([]);
    expect((await search(past, expired('t2', 5))).found).toEqual([]);
    expect((await search(past, completed('t1', 5))).found).toEqual([]);
    expect((await search(past, deadLettered('t1', 5))).found).toEqual([]);
    expect((await search(past, accepted())).found).toEqual([1]);
    expect(
      (await search([accepted(), deadLettered('t1', 5)], deadLettered('t1', 5))).found,
    ).toEqual([2]);
    expect((await search(past, cancelRequested())).found).toEqual([]);
  });

  it('is another one for another plugin, of a heartbeat as well', async () => {
    const past = [accepted(), heartbeat('t1', seconds(1))];
    const other = { ...heartbeat('t1', seconds(1)), by: 'A' } as OrderEvent;
    expect((await search(past, other)).found).toEqual([]);
  });

  it('is another one for what bears the same instant, or as little as another', async () => {
    const beat = [accepted(), heartbeat('t1', seconds(1))];
    expect((await search(beat, putOff('t1', seconds(1)))).found).toEqual([]);
    const put = [...beat, putOff('t1', seconds(2))];
    expect((await search(put, putOff('t1', seconds(9), 1, seconds(2)))).found).toEqual([3]);
    expect((await search(put, heartbeat('t1', seconds(2)))).found).toEqual([]);
    const passed: OrderEvent = { type: 'DeadlinePassed', at: seconds(60) };
    expect((await search([passed], cancelRequested())).found).toEqual([]);
  });

  it('is another one for another deadline', async () => {
    const past = [accepted(), failedUntil('t1', 70), timerPassed(seconds(70))];
    expect((await search(past, timerPassed(seconds(70), seconds(250)))).found).toEqual([3]);
    expect((await search(past, timerPassed(seconds(71), seconds(250)))).found).toEqual([]);
  });

  // Was: the second entry alone was found, so that nobody was told of what the first had commanded, if that was still unsent.
  // Now: whoever took it, each is found.
  it('is found with each other one that took it, of an order that was woken by a wake-up left over', async () => {
    const again = deadlinePassed(seconds(120), seconds(0));
    const past = [deadlinePassed(seconds(1), seconds(0)), completed('t1', 2), [again]];
    expect(await search(past, deadlinePassed(seconds(180), seconds(0)))).toEqual({
      found: [1, 3],
      read: [3, 2, 1, 0],
    });
  });

  it('is another one for another heartbeat', async () => {
    const past = [accepted(), heartbeat('t1', seconds(1))];
    expect((await search(past, heartbeat('t1', seconds(9), 1, seconds(1)))).found).toEqual([2]);
    expect((await search(past, heartbeat('t1', seconds(9), 1, seconds(2)))).found).toEqual([]);
    expect((await search(past, heartbeat('t1', seconds(9), 2, seconds(1)))).found).toEqual([]);
    expect((await search(past, heartbeat('t2', seconds(9), 1, seconds(1)))).found).toEqual([]);
  });

  // Clocks of two instances differ by 5 s at most.
  it.each([
    ['a deadline', deadlinePassed(seconds(100), seconds(25))],
    ['a heartbeat', heartbeat('t1', seconds(100), 1, seconds(25))],
    ['an attempt was put off', putOff('t1', seconds(100), 1, seconds(25))],
  ])('is not looked for more than 5 s before %s', async (_, event) => {
    const steps = [
      accepted(),
      completed('t1', 1, seconds(19.999)),
      completed('t2', 2, seconds(20)),
    ];
    expect((await search([...steps, completed('t3', 3, seconds(30))], event)).read).toEqual([
      4, 3, 2,
    ]);
    expect((await search(steps.slice(0, 2), event)).read).toEqual([]);
  });

  it('of a deadline that bears no instant is looked for everywhere', async () => {
    const event: OrderEvent = { type: 'DeadlinePassed', at: seconds(100) };
    expect((await search(done, event)).read).toEqual([4, 3, 2, 1, 0]);
  });
});
