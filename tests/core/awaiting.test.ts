import { describe, expect, it } from '@jest/globals';
import { awaitedPlaces } from '../../src/core/awaiting.ts';
import type { OrderEvent } from '../../src/core/event.ts';
import type { WaitForStep } from '../../src/core/workflow.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  deadlinePassed,
  dispatch,
  failed,
  failedForGood,
  heartbeat,
  pauseRequested,
  plugin,
  resumeRequested,
  seconds,
  workflow,
} from './vocabulary.ts';

const PAID: WaitForStep = { waitFor: { event: 'paid', key: '"R-17"' }, timeoutSeconds: 600 };

const received = (eventId: string, differing: object = {}): OrderEvent => ({
  ...{ type: 'EventReceived', at: seconds(5), receivedAt: seconds(5), eventId },
  ...{ eventType: 'paid', key: 'R-17', data: `data of ${eventId}`, ...differing },
});

const one = (...pre: readonly (string | WaitForStep)[]) => ({
  workflow: workflow({ pre }),
  plugins: [plugin('B')],
});

describe('a task that waits for an event', () => {
  const waits = given(one(PAID, 'B'), accepted());

  it('asks for the event, and is in flight under its own deadline', async () => {
    const { state, last } = await waits.told();
    expect(state).toMatchObject({
      status: 'waiting',
      stage: { tasks: [{ status: 'inFlight', input: 'R-17', deadlineAt: seconds(600) }, {}] },
    });
    expect(last.commands).toContainEqual({
      ...{ type: 'AwaitEvent', orderId: 'o1', taskId: 't1', attempt: 1 },
    });
  });

  it('is completed by the event, which the journal knows by its id', async () => {
    const { journal, last } = await waits.when(received('e1')).told();
    expect(journal.at(-1)?.events).toMatchObject([
      { type: 'TaskCompleted', taskId: 't1', result: 'data of e1', event: { id: 'e1' } },
    ]);
    expect(last.commands).toMatchObject([dispatch('B', { input: 'data of e1' })]);
  });

  it('hands its commands out again when the event comes again', async () => {
    const again = await given(one(PAID, 'B'), accepted(), received('e1'))
      .when(received('e1', { at: seconds(9) }))
      .told();
    expect(again.last.applied).toEqual([]);
    expect(again.last.commands).toMatchObject([dispatch('B')]);
  });

  it.each([
    ['another type', { eventType: 'refused' }],
    ['another key', { key: 'R-18' }],
  ])('takes no event of %s', async (_, differing) => {
    await waits.when(received('e1', differing)).thenNothingHappens('no task waits for it');
  });

  it('takes an event for the order alone whatever its key', async () => {
    const { key: _, ...alone } = received('e1') as { key?: string } & OrderEvent;
    await waits.when(alone as OrderEvent).then({ status: 'running' });
  });

  it('is no plugin’s: nobody answers for it, and no plugin of its name is asked', async () => {
    const setting = { ...one(PAID, 'B'), plugins: [plugin('paid'), plugin('B')] };
    const named = given(setting, accepted());
    for (const event of [
      { ...completed('t1', 1), by: 'paid' },
      { ...failed('t1'), by: 'paid' },
      { ...heartbeat('t1', seconds(2)), by: 'paid' },
    ]) {
      await named.when(event as OrderEvent).thenNothingHappens("the task is another plugin's");
    }
  });

  it('has nothing that could be undone, whatever a plugin of its name says', async () => {
    const compensating = [plugin('paid', { compensates: true }), plugin('B')];
    await given({ ...one(PAID, 'B'), plugins: compensating }, accepted(), received('e1'))
      .when(failedForGood('t2'))
      .then({ status: 'failed' });
  });

  it('waits under no key where its step has none: for an event for the order alone', async () => {
    const keyless: WaitForStep = { waitFor: { event: 'paid' } };
    const order = given(one(keyless), accepted());
    const { state } = await order.told();
    expect(awaitedPlaces(state)).toEqual([
      { orderId: 'o1', taskId: 't1', attempt: 1, eventType: 'paid' },
    ]);
    for (const key of ['R-17', 'undefined', '']) {
      await order.when(received('e1', { key })).thenNothingHappens('no task waits for it');
    }
    await order.when(deadlinePassed(seconds(7 * 86_400))).then({
      status: 'failed',
      state: { error: { message: 'paid did not come within 604800 s' } },
    });
  });

  it('may wait under a key of 1024 characters, and of no more', async () => {
    const keyOf = (characters: number): WaitForStep => ({
      waitFor: { event: 'paid', key: `$pad("", ${characters}, "k")` },
    });
    await given(one(keyOf(1024)))
      .when(accepted())
      .then({ status: 'waiting', state: { stage: { tasks: [{ input: 'k'.repeat(1024) }] } } });
    const { state } = await given(one(keyOf(1025)), accepted()).told();
    expect(state).toMatchObject({ status: 'failed', error: { code: 'EXPRESSION_FAILED' } });
    expect(state).toHaveProperty(
      'error.message',
      expect.stringMatching(/^key: it came to "k+…; it must have at most 1024 characters$/),
    );
  });

  it('waits no longer once its order has ended', async () => {
    const { state } = await waits.when(cancelRequested(seconds(5))).told();
    expect(awaitedPlaces(state)).toEqual([]);
  });

  it('fails for good when its time is up, and says nothing of a plugin', async () => {
    const { state, last } = await waits.when(deadlinePassed(seconds(600))).told();
    expect(state).toMatchObject({
      status: 'failed',
      error: {
        code: 'EVENT_TIMEOUT',
        message: 'paid under the key R-17 did not come within 600 s',
      },
    });
    expect(last.verdicts).toEqual([]);
  });

  it('fails where its key cannot be said', async () => {
    const broken = { waitFor: { event: 'paid', key: '$error("no")' } };
    const { state } = await given(one(broken), accepted()).told();
    expect(state).toMatchObject({
      status: 'failed',
      error: { code: 'EXPRESSION_FAILED', message: expect.stringMatching(/^key: .*no/) },
    });
  });

  it('is called off when the order is cancelled', async () => {
    await waits.when(cancelRequested(seconds(5))).then({ status: 'cancelled' });
  });

  it('is completed while the order is paused, which goes on with it', async () => {
    const paused = given(one(PAID, 'B'), accepted(), pauseRequested(seconds(3)), received('e1'));
    expect((await paused.told()).state).toMatchObject({ status: 'paused', payload: 'data of e1' });
    await paused.when(resumeRequested(seconds(9))).then({ status: 'running' });
  });
});

describe('two tasks that wait under one key', () => {
  it('take two events, in the order in which they came', async () => {
    const { state } = await given(one(PAID, PAID), accepted(), received('e1'))
      .when(received('e1'), received('e2', { at: seconds(6) }))
      .told();
    expect(state).toMatchObject({ status: 'completed', result: 'data of e2' });
  });

  // Was: what came for the order alone went to the first task that it fits, though an older one under that task's key was there; the other
  // task waited in vain (simulated world 6075351). Now: it goes to the one for which it was found.
  it('take the events that were found for them', async () => {
    const { key: _, ...alone } = received('e1', { foundFor: 't2' }) as {
      key?: string;
    } & OrderEvent;
    const two = {
      ...one(),
      workflow: workflow({ parallel: [PAID, { ...PAID, mandatory: false }] }),
    };
    const { journal } = await given(two, accepted())
      .when(alone as OrderEvent)
      .told();
    expect(journal.at(-1)?.events).toMatchObject([{ type: 'TaskCompleted', taskId: 't2' }]);
  });

  it('take one event once, also where it comes twice in one batch', async () => {
    const { state, last } = await given(one(PAID, PAID), accepted())
      .when(received('e1'), received('e1'))
      .told();
    expect(state.status).toBe('waiting');
    expect(last.ignored).toMatchObject([{ reason: 'it has been done already' }]);
  });
});
