import { describe, expect, it } from '@jest/globals';
import type { OrderPlaced } from '../../src/core/event.ts';
import { place } from '../../src/engine/placing.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { family } from './family.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

const failuresIn = (due: Awaited<ReturnType<Awaited<ReturnType<typeof family>>['due']>>) =>
  due.map(([orderId, event]) => [orderId, event.type === 'TaskFailed' && event.error]);

/** A parent with so many orders above it, that pauses instead of failing if the test says so. */
async function placedUnder(more: Partial<OrderPlaced>) {
  const world = await family();
  const { workflow } = (await world.state()) as NonNullable<
    Awaited<ReturnType<typeof world.state>>
  >;
  const placed = { type: 'OrderPlaced', at: world.now(), orderId: 'p', fingerprint: '' } as const;
  await place({ ...placed, input: 1, attributes: {}, workflow, ...more }, world.ports);
  await world.advance('p', world.accepted());
  return { ...world, due: () => world.due({ orderId: 'p', child: 'p~t1' }) };
}

describe('a child order', () => {
  it('gets the input of its task, and belongs to the client of its parent', async () => {
    const { begin } = await family({ client: 'shop', input: 'the input' });
    expect(await begin()).toMatchObject({ client: 'shop', payload: 'the input' });
  });

  it('pauses instead of failing where its parent does', async () => {
    const { due, state } = await placedUnder({ pauseOnFailure: true });
    await due();
    expect(await state('p~t1')).toMatchObject({ pauseOnFailure: true });
  });

  it('is placed with ten orders above it, and not with more', async () => {
    const above = (depth: number) =>
      placedUnder({ parent: { orderId: 'above', taskId: 't1', attempt: 1, depth } });
    const tenth = await above(9);
    expect(await tenth.due()).toEqual([]);
    expect(await tenth.state('p~t1')).toMatchObject({ parent: { depth: 10 } });
    const eleventh = await above(10);
    expect(failuresIn(await eleventh.due())).toEqual([
      [
        'p',
        {
          code: 'CHILD_TOO_DEEP',
          message: '10 orders are above it: does child start some?',
        },
      ],
    ]);
  });

  it('is not placed while its parent is paused', async () => {
    const { due, advance, act, state } = await family();
    await advance('o', act('PauseRequested'));
    expect(await due()).toEqual([]);
    expect(await state('o~t1')).toBeUndefined();
  });

  // Was: its parent was told that it had been cancelled before it began, while somebody else was about to place it.
  it('is placed, and cancelled before it begins, once its parent is being undone', async () => {
    const { due, advance, act, completed, state } = await family({
      steps: [{ plugin: 'A' }, { workflow: 'child' }],
    });
    await advance('o', completed('t1'));
    await advance('o', act('CancelRequested'));
    for (const [orderId, event] of await due({ child: 'o~t2' })) await advance(orderId, event);
    expect(await state('o~t2')).toMatchObject({ status: 'cancelled', entry: 1 });
    expect(failuresIn(await due({ child: 'o~t2' }))).toMatchObject([
      ['o', { code: 'CHILD_CANCELLED' }],
    ]);
  });

  it('is placed within a day, the pauses of its parent apart, and is lost after that', async () => {
    const inTime = await family();
    inTime.pass(DAY);
    expect(await inTime.due()).toEqual([]);
    expect(await inTime.state('o~t1')).toBeDefined();

    const late = await family();
    late.pass(DAY + 0.001);
    expect(failuresIn(await late.due())).toEqual([
      ['o', { code: 'CHILD_LOST', message: 'the journal of order o~t1 is gone' }],
    ]);

    const paused = await family();
    await paused.advance('o', paused.act('PauseRequested'));
    paused.pass(HOUR);
    await paused.advance('o', paused.act('ResumeRequested'));
    paused.pass(DAY);
    expect(await paused.due()).toEqual([]);
    expect(await paused.state('o~t1')).toBeDefined();
  });

  it.each([
    ['whose workflow is not stored', { steps: [{ workflow: 'none' }] }, 'none', 'o~t1'],
    ['that does a slice of a workflow that is gone', { activities: [sliced()] }, 'A', 'o~t1'],
  ])('%s fails its task', async (_, given, name, child) => {
    const { due, ports } = await family(given);
    ports.workflows.get = async () => undefined;
    expect(failuresIn(await due({ child }))).toEqual([
      ['o', { code: 'UNKNOWN_WORKFLOW', message: `there is no workflow ${name}` }],
    ]);
  });

  it('whose input does not fit fails its task, and what passes is tried again', async () => {
    const { due, ports } = await family();
    const { append } = ports.journal;
    const tooLarge = new TooLargeError('the entry', 2, 1);
    ports.journal.append = async () => {
      throw tooLarge;
    };
    expect(failuresIn(await due())).toEqual([
      ['o', { code: 'INPUT_TOO_LARGE', message: tooLarge.message }],
    ]);
    ports.journal.append = async () => {
      throw new Error('throttled');
    };
    await expect(due()).rejects.toThrow('throttled');
    ports.journal.append = append;
    expect(await due()).toEqual([]);
  });
});

describe('the child order of another attempt', () => {
  /** The first child has failed, and its parent is retried. */
  async function retried() {
    const world = await family();
    await world.begin();
    await world.advance('o~t1', world.broken('t1'));
    await world.tend();
    const again = () => world.advance('o', world.act('RetryRequested'));
    return { ...world, again, second: () => world.due({ child: 'o~t1~2' }) };
  }

  it('is placed beside the one before, which has failed, or is gone', async () => {
    for (const isGone of [false, true]) {
      const { again, second, state, ports } = await retried();
      await again();
      if (isGone) (ports.journal.all() as Map<string, unknown>).delete('o~t1');
      expect(await second()).toEqual([]);
      expect(await state('o~t1~2')).toMatchObject({ parent: { attempt: 2 } });
    }
  });

  it('is not placed where the one before has completed since: its result counts', async () => {
    const { again, second, state, advance, act, completed } = await retried();
    await advance('o~t1', act('RetryRequested'));
    await advance('o~t1', completed('t1', 'late', 2));
    await again();
    expect(await second()).toEqual([
      ['o', expect.objectContaining({ type: 'TaskCompleted', taskId: 't1', result: 'late' })],
    ]);
    expect(await state('o~t1~2')).toBeUndefined();
  });

  it('is not placed beside one that goes on again', async () => {
    const { again, second, advance, act } = await retried();
    await advance('o~t1', act('RetryRequested'));
    await again();
    const message =
      'o~t1, which performed an earlier attempt, goes on again: retry once it has ended';
    expect(failuresIn(await second())).toEqual([['o', { code: 'CHILD_GOES_ON', message }]]);
  });

  // Was: only the attempt before was looked at, which has no child if it was not begun for that very reason.
  it('is not placed beside one of an earlier attempt, however often its parent is retried', async () => {
    const { again, second, due, state, advance, act, pass } = await retried();
    await advance('o~t1', act('RetryRequested'));
    await again();
    for (const [orderId, event] of await second()) await advance(orderId, event);
    pass(1);
    await again();
    expect(await state()).toMatchObject({ stage: { tasks: [{ attempt: 3 }] } });
    expect(failuresIn(await due({ child: 'o~t1~3' }))).toMatchObject([
      ['o', { code: 'CHILD_GOES_ON' }],
    ]);
  });

  it('is looked for only where there was one before', async () => {
    const { due, ports } = await family();
    const { latest } = ports.journal;
    const read: string[] = [];
    ports.journal.latest = async (orderId) => {
      read.push(orderId);
      return latest(orderId);
    };
    await due();
    // And its parent once more, which may have changed its mind.
    expect(read).toEqual(['o', 'o~t1', 'o']);
  });
});

/** An activity that does a list of sixty elements, in two slices. */
function sliced() {
  return { name: 'a', pre: [], parallel: [{ plugin: 'A', forEach: '[1..60]' }], post: [] };
}
