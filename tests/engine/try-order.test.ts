import { describe, expect, it } from '@jest/globals';
import type { Activity, Step } from '../../src/core/workflow.ts';
import type { Performance, SentTask } from '../../src/engine/try-order.ts';
import { TRIAL_BEGINS_AT, tryOrder } from '../../src/engine/try-order.ts';
import { createMemoryEvaluator } from '../ports/memory/evaluator.ts';
import { plugin } from '../ports/registry.contract.ts';

const pre = (...steps: Step[]): Activity => ({ name: 'a', pre: steps, parallel: [], post: [] });

/** Plays an order of these activities; by default each task takes a second, and its result is its name and its attempt. */
async function played(
  activities: readonly Activity[],
  perform: (task: SentTask) => Partial<Performance> | undefined = () => ({}),
  mostDecisions?: number,
) {
  const workflow = { name: 'some', version: 7, on: [], activities };
  const plugins = new Map(['A', 'B'].map((name) => [name, plugin(name, { compensates: true })]));
  const given: SentTask[] = [];
  const { entries, dispatched } = await tryOrder(
    { input: 'the input', attributes: { kind: 'photo' } },
    { workflow, plugins },
    async (task) => {
      given.push(task);
      const performed = perform(task);
      const answer = { result: `${task.job}·${task.attempt}` };
      return performed && { afterMs: 1000, answer, ...performed };
    },
    createMemoryEvaluator(),
    undefined,
    mostDecisions,
  );
  const events = entries.flatMap((entry) => entry.events);
  return { entries, events, given, dispatched, state: entries.at(-1)?.state };
}

describe('a trial', () => {
  it('plays an order from its placing to its end, on a clock of its own', async () => {
    const { entries, dispatched, state } = await played([pre({ plugin: 'A' }, { plugin: 'B' })]);
    expect(
      entries.map(({ orderId, number, at }) => [orderId, number, at - TRIAL_BEGINS_AT]),
    ).toEqual([
      ['trial', 0, 0],
      ['trial', 1, 0],
      ['trial', 2, 1000],
      ['trial', 3, 2000],
    ]);
    expect(state).toMatchObject({
      ...{ status: 'completed', result: 'B·1', attributes: { kind: 'photo' } },
      workflow: { name: 'some', version: 7 },
    });
    expect(dispatched.map(({ job, input, at }) => [job, input, at - TRIAL_BEGINS_AT])).toEqual([
      ['A', 'the input', 0],
      ['B', 'A·1', 1000],
    ]);
  });

  it('hears each plugin answer by its name', async () => {
    const { events } = await played([pre({ plugin: 'A' })]);
    expect(events.at(-1)).toMatchObject({ type: 'TaskCompleted', by: 'A' });
  });

  it.each<[string, Step, string]>([
    ['a child order', { workflow: 'other' }, 'other'],
    ['an event', { waitFor: { event: 'paid', key: '"R-17"' } }, 'paid'],
  ])('takes the answer of %s, which is no plugin', async (_, step, job) => {
    const { events, state } = await played([pre(step)]);
    expect(state).toMatchObject({ status: 'completed', result: `${job}·1` });
    expect(events.at(-1)).not.toHaveProperty('by');
  });

  it('says for which events tasks wait, each by itself, and with which key', async () => {
    const parallel = ['paid', 'sent'].map((event) => ({
      waitFor: { event, key: `"for ${event}"` },
    }));
    const { given, state } = await played([
      { name: 'a', pre: [], parallel: [...parallel, { waitFor: { event: 'seen' } }], post: [] },
    ]);
    const attributes = { kind: 'photo' };
    const wait = { awaits: true, attempt: 1, stage: 'parallel', attributes };
    expect(given).toEqual([
      { ...wait, taskId: 't1', job: 'paid', plugin: 'paid', input: 'for paid' },
      { ...wait, taskId: 't2', job: 'sent', plugin: 'sent', input: 'for sent' },
      { ...wait, taskId: 't3', job: 'seen', plugin: 'seen', input: null },
    ]);
    expect(state).toMatchObject({ status: 'completed' });
  });

  const inAMinute = [pre({ plugin: 'A', timeoutSeconds: 60, retry: { maxAttempts: 1 } })];

  it.each([
    ['takes an answer that comes in the moment in which the time is up', 60_000, 'completed'],
    ['has a task time out whose answer comes later', 60_001, 'failed'],
  ])('%s', async (_, afterMs, status) => {
    expect((await played(inAMinute, () => ({ afterMs }))).state).toMatchObject({ status });
  });

  it('has a task time out that is never answered', async () => {
    const { state } = await played(inAMinute, () => undefined);
    expect(state).toMatchObject({ status: 'failed', error: { code: 'TASK_TIMED_OUT' } });
  });

  it('has an entry for all that changes the order, and for nothing else', async () => {
    const retry = { maxAttempts: 2, backoffSeconds: 0, maxBackoffSeconds: 0 };
    const { entries, state } = await played(
      [pre({ plugin: 'A', timeoutSeconds: 60, retry }, { plugin: 'B' })],
      // The first attempt's answer comes when the second has been answered for.
      ({ job, attempt }) => ({ afterMs: job === 'A' && attempt === 1 ? 65_000 : 4000 }),
    );
    expect(state).toMatchObject({ status: 'completed' });
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index));
  });

  it('gives what undoes a job what that job got and gave', async () => {
    const never = { code: 'BROKEN', message: 'it broke', retry: 'never' } as const;
    const { given } = await played([pre({ plugin: 'A' }, { plugin: 'B' })], ({ plugin: name }) =>
      name === 'B' ? { answer: never } : {},
    );
    expect(given.at(-1)).toMatchObject({
      ...{ job: 'undo A', input: 'the input', compensates: { job: 'A' } },
      compensate: { result: 'A·1' },
    });
  });

  it('comes to an end though its order moves its wake-up many times', async () => {
    const retry = { maxAttempts: 30, backoffSeconds: 0, maxBackoffSeconds: 0 };
    const busy = { code: 'BUSY', message: 'later', retry: 'later', afterSeconds: 10 } as const;
    const { state, entries } = await played([pre({ plugin: 'A', retry })], ({ attempt }) =>
      attempt < 30 ? { answer: busy } : {},
    );
    expect(state).toMatchObject({ status: 'completed', result: 'A·30' });
    const standing = entries.map((entry) => 'stoodIn' in entry.state && entry.state.stoodIn);
    expect(standing.filter(Number.isInteger).length).toBeGreaterThan(0);
  });

  it('is given up after so many decisions', async () => {
    await expect(played([pre({ plugin: 'A' })], undefined, 1)).rejects.toThrow(
      'the order comes to no end',
    );
    expect((await played([pre({ plugin: 'A' })], undefined, 2)).entries).toHaveLength(3);
  });
});
