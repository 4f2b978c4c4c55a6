import { describe, expect, it } from '@jest/globals';
import { family } from './family.ts';

/** A parent that awaits its child, or has skipped it, and what the child's end is to it. */
async function awaited(isSkipped: boolean) {
  const world = await family({ steps: [{ workflow: 'child' }, { plugin: 'A' }] });
  await world.begin();
  const { now, advance } = world;
  const skip = { type: 'SkipRequested', at: now(), actId: 'skip', askedAt: now() } as const;
  if (isSkipped) await advance('o', { ...skip, job: 'child', result: 1 });
  return world;
}

describe('the end of a child order is an answer to the task of its parent', () => {
  it.each([false, true])(
    'with its result, though the parent has skipped it: %s',
    async (isSkipped) => {
      const { advance, completed, due, now } = await awaited(isSkipped);
      await advance('o~t1', completed('t1', 'of the child'));
      const answer = { type: 'TaskCompleted', at: now(), taskId: 't1', attempt: 1 };
      expect(await due()).toEqual([['o', { ...answer, result: 'of the child' }]]);
    },
  );

  it('with why it failed, where it is awaited', async () => {
    const { advance, broken, due, now } = await awaited(false);
    await advance('o~t1', broken('t1'));
    const answer = { type: 'TaskFailed', at: now(), taskId: 't1', attempt: 1, retry: 'never' };
    const message = 'order o~t1 has failed: D: BROKEN: it broke';
    expect(await due()).toEqual([['o', { ...answer, error: { code: 'CHILD_FAILED', message } }]]);
  });

  it('with what is left of it, where it has failed and could not be undone', async () => {
    const world = await family({
      child: [{ name: 'b', pre: [{ plugin: 'C' }, { plugin: 'D' }], parallel: [], post: [] }],
    });
    await world.begin();
    await world.advance('o~t1', world.completed('t1'));
    await world.advance('o~t1', world.broken('t2'));
    await world.advance('o~t1', world.broken('t3'));
    const message =
      'order o~t1 has failed; what it had done could not be undone: D: BROKEN: it broke';
    expect(await world.due()).toEqual([
      ['o', expect.objectContaining({ error: { code: 'CHILD_NOT_UNDONE', message } })],
    ]);
  });

  it('with the beginning of a long reason only', async () => {
    const { advance, broken, due } = await awaited(false);
    const error = { code: 'BROKEN', message: 'x'.repeat(5000) };
    await advance('o~t1', { ...broken('t1'), error } as ReturnType<typeof broken>);
    const [answer] = (await due()).map(([, event]) => event);
    expect(answer?.type === 'TaskFailed' && answer.error.message).toHaveLength(1000);
  });

  it.each([
    ['', {}],
    [': sold out', { reason: 'sold out' }],
  ])('with why it was cancelled, if somebody said so: "%s"', async (why, more) => {
    const { advance, act, broken, due } = await awaited(false);
    await advance('o~t1', act('CancelRequested', more));
    await advance('o~t1', broken('t1'));
    const message = `order o~t1 was cancelled${why}`;
    expect(await due()).toEqual([
      ['o', expect.objectContaining({ error: { code: 'CHILD_CANCELLED', message } })],
    ]);
  });

  it('and nothing where it has failed or was cancelled, and nobody awaits it', async () => {
    const failing = await awaited(true);
    await failing.advance('o~t1', failing.broken('t1'));
    expect(await failing.due()).toEqual([]);
    const cancelling = await awaited(true);
    await cancelling.advance('o~t1', cancelling.act('CancelRequested'));
    await cancelling.advance('o~t1', cancelling.broken('t1'));
    expect(await cancelling.state('o~t1')).toMatchObject({ status: 'cancelled' });
    expect(await cancelling.due()).toEqual([]);
  });
});

describe('the end of an order that does a slice', () => {
  /** A parent whose list of sixty elements is done in two slices. */
  async function sliced() {
    const parallel = [{ plugin: 'A', forEach: '[1..60]', tolerate: 60 }, { plugin: 'B' }];
    const world = await family({ activities: [{ name: 'a', pre: [], parallel, post: [] }] });
    await world.begin('o~t2');
    const end = async (isBroken: boolean) => {
      for (let element = 1; element <= 10; element += 1) {
        const taskId = `t${element}`;
        await world.advance(
          'o~t2',
          isBroken && element === 1 ? world.broken(taskId) : world.completed(taskId, element),
        );
      }
    };
    const skip = async () => {
      const act = { at: world.now(), actId: 'skip', askedAt: world.now() };
      await world.advance('o', { type: 'SkipRequested', ...act, job: 'A#2', result: [] });
    };
    const dueNow = async () => world.due({ child: 'o~t2' });
    return { ...world, end, skip, dueNow };
  }

  it('is an answer with its results', async () => {
    const { end, dueNow } = await sliced();
    await end(false);
    const results = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(await dueNow()).toEqual([
      ['o', expect.objectContaining({ type: 'TaskCompleted', attempt: 1, result: results })],
    ]);
  });

  // Was: an optional slice of which all had failed was as many completed tasks as it has elements, and `enough` ended the stage.
  it('says how many of its elements have failed, though none of them need be done', async () => {
    const parallel = [{ plugin: 'A', mandatory: false, forEach: '[1..60]' }];
    const world = await family({
      activities: [{ name: 'a', pre: [], parallel, post: [{ plugin: 'B' }], enough: 45 }],
    });
    const { begin, advance, broken, completed, due, state } = world;
    const tend = async (child: string) => {
      for (const [orderId, event] of await due({ child })) await advance(orderId, event);
    };
    for (const id of ['o~t1', 'o~t2']) await begin(id);
    for (let element = 1; element <= 50; element += 1) await advance('o~t1', broken(`t${element}`));
    await tend('o~t1');
    expect(await state()).toMatchObject({
      stage: { tasks: [{ status: 'completed', failures: 50 }, { status: 'inFlight' }] },
    });
    for (let element = 1; element <= 10; element += 1) {
      await advance('o~t2', completed(`t${element}`, element));
    }
    await tend('o~t2');
    expect(await state()).toMatchObject({ stage: { stage: 'post' } });
    expect((await world.ports.journal.latest('o'))?.calledOffTasks).toBeUndefined();
  });

  // Was: it was looked for in that version, which need not have its step, and the request was answered with 500.
  it('cannot be retried under another version of its workflow', async () => {
    const { end, advance, act, ports, state } = await sliced();
    await end(true);
    await ports.workflows.put({ name: 'some', on: [], activities: [] });
    const outcome = await advance('o~t2', act('RetryRequested', { version: 2 }));
    expect(outcome).toBeDefined();
    expect(await state('o~t2')).toMatchObject({ status: 'failed', workflow: { version: 1 } });
  });

  it('is one, too, though its parent has skipped it', async () => {
    const { end, skip, dueNow } = await sliced();
    await skip();
    await end(false);
    expect(await dueNow()).toEqual([
      ['o', expect.objectContaining({ type: 'TaskCompleted', taskId: 't2', attempt: 1 })],
    ]);
  });

  it('is nothing where it has failed and its parent has skipped it', async () => {
    const { end, skip, dueNow } = await sliced();
    await skip();
    await end(true);
    expect(await dueNow()).toEqual([]);
  });
});
