import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import { holds, isOlderThan, isOlderThanArrival, isTakenByName } from '../../src/core/repeats.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  deadLettered,
  deadlinePassed,
  deferred,
  expired,
  failed,
  heartbeat,
  pauseRequested,
  plugins,
  putOff,
  resumeRequested,
  retryRequested,
  seconds,
  skipRequested,
  taskCancelRequested,
  workflow,
} from './vocabulary.ts';

const AT = seconds(60);

const undoRequested = { ...cancelRequested(AT), type: 'UndoRequested' } as OrderEvent;

const acts = [
  cancelRequested(AT),
  pauseRequested(AT),
  resumeRequested(AT),
  retryRequested(AT),
  skipRequested('A', AT),
  taskCancelRequested('A', AT),
  undoRequested,
];

const answers = [completed('t2', 1), failed('t2'), expired('t2', AT), deadLettered('t2', AT)];

const sayings = [heartbeat('t2', AT), putOff('t2', AT), deferred('t2', AT)];

const released: OrderEvent = {
  type: 'TaskReleased',
  ...{ at: AT, plugin: 'A', parkedIn: 3, task: 't2' },
};

const received: OrderEvent = {
  type: 'EventReceived',
  ...{ at: AT, eventId: 'e1', eventType: 'paid', receivedAt: AT, data: null },
};

const holding = (...events: JournalEntry['events']) => ({ events });

const others = (events: readonly OrderEvent[], ...differences: readonly object[]) =>
  events.flatMap((event) => differences.map((difference) => ({ event, difference })));

describe('an event that comes again', () => {
  it.each([accepted(), deadlinePassed(AT), released, ...acts, ...answers, ...sayings])(
    'is found in the entry that took it, whenever it comes: $type',
    (event) => {
      const later = { ...event, at: event.at + 1 };
      expect(holds(holding(accepted(), event), later)).toBe(true);
      expect(holds(holding(), later)).toBe(false);
    },
  );

  it.each([
    ...others(acts, { actId: 'another' }, { type: 'OrderAccepted' }),
    ...others(answers, { taskId: 't3' }, { attempt: 2 }, { by: 'B' }),
    ...others(sayings, { taskId: 't3' }, { attempt: 2 }, { by: 'B' }, { sentAt: AT + 1 }),
    ...others([deadlinePassed(AT)], { armedFor: AT + 1 }),
    ...others([released], { plugin: 'B' }, { parkedIn: 4 }, { task: 't3' }, { task: undefined }),
  ])('is told from another one: $event.type but for $difference', ({ event, difference }) => {
    const other = { ...event, ...difference } as OrderEvent;
    expect(holds(holding(other), event)).toBe(false);
  });

  it('is found by its id in the answer that it became, or in the order that it started', () => {
    const answer = { ...completed('t1', 1), event: { id: 'e1', receivedAt: AT } } as OrderEvent;
    expect(holds(holding(answer), received)).toBe(true);
    expect(holds(holding(answer), { ...received, eventId: 'e2' } as OrderEvent)).toBe(false);
    expect(holds(holding(failed('t1')), received)).toBe(false);
    const placed = { type: 'OrderPlaced', eventId: 'e1' } as JournalEntry['events'][number];
    expect(holds(holding(placed), received)).toBe(true);
  });

  it('is looked for before it is taken only if it has a name of its own', () => {
    expect([...acts, received].every(isTakenByName)).toBe(true);
    expect([accepted(), released, ...answers, ...sayings].some(isTakenByName)).toBe(false);
  });
});

describe('the search for an event', () => {
  /** An entry made at that instant, after which the order has had one task. */
  async function entryAt(at: number): Promise<JournalEntry> {
    const setting = { workflow: workflow({ pre: ['A'] }), plugins: plugins('A') };
    const { journal } = await given(setting, accepted(at)).told();
    return journal.at(-1) as JournalEntry;
  }

  it.each([...acts, ...sayings, deadlinePassed(AT), received])(
    'ends at an entry of five seconds before it could come, since clocks differ: $type',
    async (event) => {
      expect(isOlderThan(await entryAt(AT - seconds(5) - 1), event)).toBe(true);
      expect(isOlderThan(await entryAt(AT - seconds(5)), event)).toBe(false);
    },
  );

  it.each(answers)('ends at an entry that does not know its task yet: $type', async (event) => {
    const entry = await entryAt(AT);
    expect(isOlderThan(entry, event)).toBe(true);
    expect(isOlderThan(entry, { ...event, taskId: 't1' } as OrderEvent)).toBe(false);
  });

  it('ends at the entry in which its task was parked', async () => {
    const entry = await entryAt(AT);
    const since = (parkedIn: number) => ({ ...released, parkedIn }) as OrderEvent;
    expect([0, 1, 2].map((one) => isOlderThan(entry, since(one)))).toEqual([false, true, true]);
  });

  it('never ends before the first entry for an event that may have come at any time', async () => {
    const early = await entryAt(-seconds(9999));
    expect(isOlderThan(early, accepted())).toBe(false);
    expect(isOlderThan(early, { type: 'DeadlinePassed', at: AT })).toBe(false);
  });

  it('of what came at an instant ends five seconds before it', () => {
    expect(isOlderThanArrival({ at: AT - seconds(5) - 1 }, AT)).toBe(true);
    expect(isOlderThanArrival({ at: AT - seconds(5) }, AT)).toBe(false);
  });
});
