import { describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { InFlightTask, StageTask } from '../../src/core/task.ts';
import { failedAttempts } from './attempts.ts';
import { explain } from './explanations.ts';
import { Ledger } from './ledger.ts';
import type { Aftermath } from './world.ts';

const T0 = 1_000_000_000;

const inFlight: InFlightTask = {
  ...{ status: 'inFlight', step: 0, plugin: 'P', mandatory: true, taskId: 't1', job: 'P' },
  ...{ attempt: 1, entry: 1, giveUpAt: T0 + 9e9, dispatchedAt: T0, deadlineAt: T0 + 3_600_000 },
};

const entry = (number: number, at: number, task: StageTask): JournalEntry =>
  ({
    ...{ orderId: 'o', number, at, events: [] },
    state: { stage: { activity: 0, stage: 'pre', tasks: [task] } },
  }) as unknown as JournalEntry;

const beatOf = (sentAt: number) =>
  ({ type: 'TaskHeartbeat', at: sentAt, sentAt, taskId: 't1', attempt: 1 }) as const;

/** What is wrong about the one attempt, which failed so many seconds after it was dispatched. */
function complaintOf(
  { code, givenBack = 0, beatAt }: { code: string; givenBack?: number; beatAt?: number },
  { afterSeconds, ledger = new Ledger() }: { afterSeconds: number; ledger?: Ledger },
) {
  const { giveUpAt, dispatchedAt: _, deadlineAt: __, ...task } = inFlight;
  const failedAt = T0 + afterSeconds * 1000;
  const journal = [
    entry(1, T0, inFlight),
    { ...entry(2, T0, inFlight), events: beatAt === undefined ? [] : [beatOf(beatAt)] },
    entry(3, failedAt, {
      ...{ ...task, status: 'backingOff', entry: 3, giveUpAt, retryAt: failedAt + 1000 },
      ...{ error: { code, message: '' }, ...(givenBack > 0 && { givenBack }) },
    }),
  ];
  const [failure, ...more] = failedAttempts(journal);
  if (failure === undefined || more.length > 0) throw new Error('one attempt failed');
  const behaviours = { P: { workMs: [1, 20], padding: 0 } };
  const plugins = [{ definition: { name: 'P', heartbeatSeconds: 60 } }];
  const scenario = { behaviours, plugins };
  const world = { ledger, scenario, journals: new Map() } as unknown as Aftermath;
  const [kind] = explain(failure, journal, world) ?? [];
  return kind;
}

describe('a missed heartbeat', () => {
  /** The plugin is heard so many seconds after the attempt was dispatched. */
  const heardAt = (...seconds: number[]) => {
    const ledger = new Ledger();
    ledger.attempt('o', 'P', 1).begunAt.push(...seconds.map((second) => T0 + second * 1000));
    return ledger;
  };
  const missedAfter = (afterSeconds: number, ledger: Ledger) =>
    complaintOf({ code: 'HEARTBEAT_MISSED' }, { afterSeconds, ledger });

  it('is fair after a silence of a minute', () => {
    expect(missedAfter(61, heardAt(0))).toBe(undefined);
  });

  // Was: a plugin that died, and began again in the very second in which its silence was over, counted as one that had beaten in time.
  // Now: what comes at the last moment undoes no silence.
  it('is fair where the next beat was sent as the silence ended', () => {
    expect(missedAfter(61, heardAt(0, 60.5))).toBe(undefined);
    expect(missedAfter(61, heardAt(0, 62))).toBe(undefined);
  });

  it('is unfair where the plugin had beaten well before', () => {
    expect(missedAfter(61, heardAt(0, 30))).toBe('unfair heartbeat');
    expect(missedAfter(61, heardAt(0, 30, 60.5))).toBe('unfair heartbeat');
    expect(missedAfter(10, heardAt(0))).toBe('unfair heartbeat');
  });

  it('is unfair before the plugin has begun, and where it begins that moment', () => {
    expect(missedAfter(61, heardAt())).toBe('unfair heartbeat');
    expect(missedAfter(61, heardAt(60.5))).toBe('unfair heartbeat');
  });
});

describe('a result that is taken back', () => {
  const { giveUpAt: _, dispatchedAt: __, deadlineAt: ___, ...task } = inFlight;
  const error = { code: 'RESULT_TOO_LARGE', message: '' };
  const takenBackAt = (paddings: readonly number[]) => {
    const done: StageTask = { ...task, status: 'completed', entry: 2 };
    const failed = { type: 'TaskFailed', at: T0, taskId: 't1', attempt: 1, error, retry: 'never' };
    const journal = [
      ...paddings.map((bytes, number) => ({
        ...entry(number, T0, done),
        events: [{ type: 'TaskCompleted', taskId: `t${number}`, result: 'x'.repeat(bytes) }],
      })),
      {
        ...entry(paddings.length, T0, { ...task, status: 'failed', entry: 3, error }),
        events: [failed],
      },
    ] as unknown as readonly JournalEntry[];
    const failures = failedAttempts(journal);
    const scenario = { behaviours: { P: { padding: 0 } } };
    const world = { ledger: new Ledger(), scenario, journals: new Map() } as unknown as Aftermath;
    return failures.map((one) => explain(one, journal, world)?.[0]);
  };

  it('has found no room beside the others of its stage', () => {
    expect(takenBackAt([2_000_000, 2_000_000, 2_000_000])).toEqual([undefined]);
  });

  it('would have fitted if they are small', () => {
    expect(takenBackAt([2_000_000, 1_000_000])).toEqual(['fits, refused']);
  });
});

describe('a dead letter that never began', () => {
  it('may not be charged', () => {
    expect(complaintOf({ code: 'DEAD_LETTERED' }, { afterSeconds: 1800 })).toBe(
      'never ran, charged',
    );
  });

  // Was: an attempt that never began and was given back counted as charged. Now: only one that is not given back does.
  it('may be sent again, where that is no attempt', () => {
    const givenBack = { code: 'DEAD_LETTERED', givenBack: 1 };
    expect(complaintOf(givenBack, { afterSeconds: 1800 })).toBe(undefined);
  });

  it('is the fault of whoever ended the process, if it began', () => {
    const begun = (fate: { killed?: number; diedAlone?: number; unheard?: number }) => {
      const ledger = new Ledger();
      const record = ledger.attempt('o', 'P', 1);
      record.begunAt.push(T0);
      Object.assign(record, fate);
      return complaintOf({ code: 'DEAD_LETTERED' }, { afterSeconds: 1800, ledger });
    };
    expect(begun({})).toBe('innocent charged');
    expect(begun({ killed: 1 })).toBe(undefined);
    expect(begun({ diedAlone: 1 })).toBe(undefined);
    expect(begun({ unheard: 1 })).toBe(undefined);
  });

  it('is explained where its process ended as it was about to begin', () => {
    const ledger = new Ledger();
    ledger.attempt('o', 'P', 1).begunAt.push(T0);
    const saying = (beatAt: number) =>
      complaintOf({ code: 'DEAD_LETTERED', beatAt }, { afterSeconds: 1800, ledger });
    expect(saying(T0 + 900_000)).toBe(undefined);
    expect(saying(T0 + 10)).toBe('innocent charged');
  });
});
