import { describe, expect, it } from '@jest/globals';
import type { DueEvent } from '../../src/engine/due-event.ts';
import { family } from './family.ts';

const inWords = (due: readonly DueEvent[]) => due.map(([orderId, { type }]) => [orderId, type]);

type Family = Awaited<ReturnType<typeof family>>;

/** What undoes the tasks of the child answers; the first of it fails for good, if the test says so. */
async function undoneBy({ state, advance, broken, completed }: Family, isBroken: boolean) {
  const child = await state('o~t1');
  const tasks = child !== undefined && 'stage' in child ? (child.stage?.tasks ?? []) : [];
  const sent = tasks.filter((task) => task.status === 'inFlight');
  expect(sent.length).toBeGreaterThan(0);
  for (const [index, { taskId, attempt }] of sent.entries()) {
    const fails = isBroken && index === 0;
    await advance('o~t1', fails ? broken(taskId, attempt) : completed(taskId, null, attempt));
  }
}

/** A parent whose child has completed, and is to be undone, since what came after it has failed. */
async function undoing(child?: NonNullable<Parameters<typeof family>[0]>['child']) {
  const world = await family({
    steps: [{ workflow: 'child' }, { plugin: 'A' }],
    ...(child && { child }),
  });
  await world.begin();
  await world.advance('o~t1', world.completed('t1', 'of the child'));
  await world.tend();
  await world.advance('o', world.broken('t2'));
  return { ...world, undoneBy: (isBroken: boolean) => undoneBy(world, isBroken) };
}

describe('a child order that is to be undone', () => {
  it('is asked to undo what it has done, by its parent, once', async () => {
    const { due, tend } = await undoing();
    const events = await due();
    expect(events).toEqual([
      [
        'o~t1',
        expect.objectContaining({
          type: 'UndoRequested',
          actor: 'order o',
          reason: 'as its parent',
        }),
      ],
    ]);
    await tend();
    expect(await due()).toEqual([]);
  });

  // Was: what completed between the child's end and its undoing was ignored, and stayed done.
  it('undoes as well what has completed late, when it had ended', async () => {
    const parallel = [{ plugin: 'A', mandatory: false }, { plugin: 'D' }];
    const world = await family({
      steps: [{ workflow: 'child' }, { plugin: 'A' }],
      child: [{ name: 'b', pre: [], parallel, post: [] }],
    });
    const { begin, advance, broken, completed, tend, state, sent } = world;
    await begin();
    await advance('o~t1', broken('t1'));
    await advance('o~t1', completed('t2', 'of the child'));
    await tend();
    sent();
    await advance('o~t1', completed('t1', 'late'));
    expect(sent()).toEqual([]);
    expect(await state('o~t1')).toMatchObject({ status: 'completed', endedIn: 3 });
    await advance('o', broken('t2'));
    await tend();
    await undoneBy(world, false);
    expect(await state('o~t1')).toMatchObject({
      status: 'cancelled',
      stage: { tasks: [{ undoes: 'D' }, { undoes: 'A' }] },
    });
  });

  it('is undone for its parent once it has been cancelled', async () => {
    const { due, tend, undoneBy } = await undoing();
    await tend();
    await undoneBy(false);
    expect(inWords(await due())).toEqual([['o', 'TaskCompleted']]);
  });

  it('could not be undone where its undoing has failed, and its parent says why', async () => {
    const { due, tend, undoneBy } = await undoing();
    await tend();
    await undoneBy(true);
    const code = 'CHILD_NOT_UNDONE';
    const [[orderId, answer] = []] = await due();
    expect([orderId, answer]).toMatchObject(['o', { type: 'TaskFailed', error: { code } }]);
    expect(answer).toMatchObject({
      error: { message: expect.stringMatching(/^order o~t1: COMPENSATION_FAILED: ./) },
    });
  });

  it('could not be undone where it is gone, and its parent says so', async () => {
    const { due, ports } = await undoing();
    (ports.journal.all() as Map<string, unknown>).delete('o~t1');
    expect(await due()).toEqual([
      ['o', expect.objectContaining({ error: expect.objectContaining({ code: 'CHILD_LOST' }) })],
    ]);
  });

  it('is undone already where its workflow has a pivot', async () => {
    const { due, ports } = await undoing();
    const { get } = ports.workflows;
    ports.workflows.get = async (ref) => {
      const workflow = await get(ref);
      return workflow && { ...workflow, ...(ref.name === 'child' && { pivot: 'b' }) };
    };
    expect(inWords(await due())).toEqual([['o', 'TaskCompleted']]);
  });

  it('is asked to undo what it has done, though its workflow is gone', async () => {
    const { due, ports } = await undoing();
    ports.workflows.get = async () => undefined;
    expect(inWords(await due())).toEqual([['o~t1', 'UndoRequested']]);
  });
});

// Was: its result was ignored, and what it had done stayed done twice.
describe('a child order that has completed beside another one of its task', () => {
  /** The first has failed, and was retried once the second had begun; both complete, and `first` answers before the other. */
  async function both(first: string, second: string) {
    const world = await family({ steps: [{ workflow: 'child' }, { plugin: 'A' }] });
    await world.begin();
    await world.advance('o~t1', world.broken('t1'));
    await world.tend();
    await world.advance('o', world.act('RetryRequested'));
    await world.begin('o~t1~2');
    world.pass(60);
    await world.advance('o~t1', world.act('RetryRequested'));
    await world.advance('o~t1', world.completed('t1', 'one', 2));
    await world.advance('o~t1~2', world.completed('t1', 'two'));
    await world.tend({ child: first });
    return { ...world, due: () => world.due({ child: second, calledOff: true }) };
  }

  it.each([
    ['o~t1', 'o~t1~2'],
    ['o~t1~2', 'o~t1'],
  ])('is undone at once: %s has answered before %s', async (first, second) => {
    const { due, tend, advance, completed, state, ports } = await both(first, second);
    expect((await ports.journal.latest('o'))?.calledOff).toEqual([second]);
    const undo = {
      type: 'UndoRequested',
      actId: `beside-${second}`,
      actor: 'order o',
      reason: 'another order has done it',
    };
    expect(await due()).toEqual([[second, expect.objectContaining(undo)]]);
    await tend({ child: second });
    await advance(second, completed('t2', null));
    expect(await state(second)).toMatchObject({ status: 'cancelled' });
    expect(await due()).toEqual([]);
    expect(await state(first)).toMatchObject({ status: 'completed' });
    expect(await state()).toMatchObject({ status: 'running' });
  });

  it('is undone though it was begun again when its parent had long ended', async () => {
    const { due, advance, completed } = await both('o~t1~2', 'o~t1');
    await advance('o', completed('t2'));
    expect(inWords(await due())).toEqual([['o~t1', 'UndoRequested']]);
  });

  it('is none where the other has failed', async () => {
    const world = await family();
    for (const id of ['o~t1', 'o~t1~2']) {
      await world.begin(id);
      await world.advance(id, world.broken('t1'));
      await world.tend({ child: id });
      if (id === 'o~t1') await world.advance('o', world.act('RetryRequested'));
    }
    world.pass(60);
    await world.advance('o~t1', world.act('RetryRequested'));
    await world.advance('o~t1', world.completed('t1', 'one', 2));
    expect(inWords(await world.due())).toEqual([['o', 'TaskCompleted']]);
  });

  it('stays as it is where its workflow has a pivot', async () => {
    const { due, ports } = await both('o~t1', 'o~t1~2');
    const { get } = ports.workflows;
    ports.workflows.get = async (ref) => {
      const workflow = await get(ref);
      return workflow && { ...workflow, ...(ref.name === 'child' && { pivot: 'b' }) };
    };
    expect(await due()).toEqual([]);
  });

  it('is none where it has answered itself: it answers again', async () => {
    const world = await family({ steps: [{ workflow: 'child' }, { plugin: 'A' }] });
    await world.begin();
    await world.advance('o~t1', world.completed('t1', 'one'));
    const before = world.read('o');
    await world.tend();
    expect(world.read('o')).toBe(before);
    expect(inWords(await world.due())).toEqual([['o', 'TaskCompleted']]);
  });

  it('is looked for among the entries that may know its task, and no further', async () => {
    const world = await family({ steps: [{ plugin: 'A' }, { workflow: 'child' }] });
    await world.advance('o', world.completed('t1'));
    await world.begin('o~t2');
    await world.advance('o', world.act('CancelRequested', { undo: false }));
    await world.advance('o~t2', world.completed('t1', 'one'));
    const before = world.read('o');
    expect(inWords(await world.due({ child: 'o~t2' }))).toEqual([['o', 'TaskCompleted']]);
    // Cancelled, the child begun, and the entry before that.
    expect(world.read('o') - before).toBe(3);
  });
});

// Was: to its parent it had failed, like one that is undone. What came before it was undone, and the parent ended as if all had been.
describe('a child order that fails, and cannot be undone', () => {
  /** A is done, the child has done C and failed at D; nobody can undo C. */
  async function leftInPart() {
    const world = await family({
      steps: [{ plugin: 'A' }, { workflow: 'child' }],
      child: [{ name: 'b', pre: [{ plugin: 'C' }, { plugin: 'D' }], parallel: [], post: [] }],
    });
    const { advance, completed, broken, begin, due } = world;
    await advance('o', completed('t1'));
    await begin('o~t2');
    await advance('o~t2', completed('t1'));
    const tend = async () => {
      for (const [orderId, event] of await due({ child: 'o~t2' })) await advance(orderId, event);
    };
    return { ...world, tend, isBroken: () => advance('o~t2', broken('t2')) };
  }

  it.each([
    ['cancelled', true],
    ['failed', false],
  ])('is undone first, and asked once more for that, when its parent is %s', async (_, cancels) => {
    const { tend, isBroken, advance, act, broken, completed, state } = await leftInPart();
    if (cancels) {
      await advance('o', act('CancelRequested'));
      await tend();
    }
    await isBroken();
    await advance('o~t2', broken('t3'));
    await tend();
    expect(await state()).toMatchObject({
      status: 'compensating',
      stage: { tasks: [{ undoneChild: 'o~t2', undoes: 'child' }] },
      undoing: { groups: [{ jobs: [{ job: 'A' }] }] },
    });
    await tend();
    expect(await state('o~t2')).toMatchObject({ status: 'compensating' });
    await advance('o~t2', completed('t3', null, 2));
    await tend();
    expect(await state()).toMatchObject({ stage: { tasks: [{ undoes: 'A' }] } });
  });

  it('fails its parent, before which nothing is undone', async () => {
    const { tend, isBroken, advance, broken, state, act, pass } = await leftInPart();
    await isBroken();
    await advance('o~t2', broken('t3'));
    await tend();
    for (const attempt of [2, 3]) {
      await tend();
      await advance('o~t2', broken('t3', attempt));
      await tend();
      expect(await state()).toMatchObject({
        status: 'failed',
        stage: { tasks: [{ undoes: 'child', error: { code: 'CHILD_NOT_UNDONE' } }] },
        undoing: { groups: [{ jobs: [{ job: 'A' }] }] },
      });
      pass(1);
      await advance('o', act('RetryRequested'));
    }
  });
});

/** A parent of two slices: of the first, all elements but the last have completed, and that has failed. */
async function slicedInPart() {
  const parallel = [{ plugin: 'A', forEach: '[1..51]' }];
  const world = await family({ activities: [{ name: 'a', pre: [], parallel, post: [] }] });
  const { advance, begin, broken, completed, tend } = world;
  for (const id of ['o~t1', 'o~t2']) await begin(id);
  for (let element = 1; element < 50; element += 1) {
    await advance('o~t1', completed(`t${element}`, element));
  }
  await advance('o~t1', broken('t50'));
  await advance('o~t2', completed('t1'));
  for (const child of ['o~t2', 'o~t1']) await tend({ child });
  return world;
}

describe('a slice that has failed in part', () => {
  it('is asked to undo the rest once, and could not be undone if that fails', async () => {
    const world = await slicedInPart();
    const { due, state, tend } = world;
    expect(await state()).toMatchObject({ status: 'compensating' });
    expect(inWords(await due())).toEqual([['o~t1', 'UndoRequested']]);
    await tend();
    await undoneBy(world, true);
    expect(await state('o~t1')).toMatchObject({ status: 'failed' });
    expect(inWords(await due())).toEqual([['o', 'TaskFailed']]);
  });
});

it('a slice is undone although the workflow has a pivot, which only the order of all slices comes to', async () => {
  const { due, ports } = await slicedInPart();
  const { get } = ports.workflows;
  ports.workflows.get = async (ref) => {
    const workflow = await get(ref);
    return workflow && { ...workflow, pivot: 'a' };
  };
  expect(inWords(await due({ child: 'o~t2' }))).toEqual([['o~t2', 'UndoRequested']]);
});
