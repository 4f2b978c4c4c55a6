import { describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { DueEvent } from '../../src/engine/due-event.ts';
import { BrokenJournalError } from '../../src/ports/journal.ts';
import { family } from './family.ts';

const inWords = (due: readonly DueEvent[]) =>
  due.map(([orderId, event]) => `${orderId}: ${event.type}`);

describe('a message about a child order', () => {
  it('places it, once', async () => {
    const { due, state, sent } = await family();
    sent();
    expect(await due()).toEqual([]);
    expect(await state('o~t1')).toMatchObject({ parent: { orderId: 'o', taskId: 't1' } });
    expect(sent()).toEqual(['OrderAccepted']);
  });

  it('says nothing while both go on', async () => {
    const { due, begin } = await family();
    await begin();
    expect(await due()).toEqual([]);
    expect(await due({ calledOff: true })).toEqual([]);
  });

  it('says nothing of a parent that nobody knows', async () => {
    const { due } = await family();
    expect(await due({ orderId: 'unknown', child: 'unknown~t1' })).toEqual([]);
  });

  it('says nothing of a parent that has not started', async () => {
    const { due, place } = await family();
    await place('p');
    expect(await due({ orderId: 'p', child: 'p~t1' })).toEqual([]);
  });

  it('says nothing of a child that nobody awaits and nobody knows', async () => {
    const { due, state } = await family();
    expect(await due({ child: 'o~t9' })).toEqual([]);
    expect(await state('o~t9')).toBeUndefined();
  });

  it('places no order for a task that a plugin performs', async () => {
    const { due, state } = await family({ steps: [{ plugin: 'A' }] });
    expect(await due()).toEqual([]);
    expect(await state('o~t1')).toBeUndefined();
  });

  it("says nothing of another parent's child, nor of an order that is nobody's", async () => {
    const world = await family();
    const { due, begin, advance, completed, place, accepted } = world;
    await begin();
    await advance('o~t1', completed('t1'));
    await place('p');
    await advance('p', accepted());
    expect(await due({ orderId: 'p' })).toEqual([]);
    expect(await due({ orderId: 'o~t1', child: 'p' })).toEqual([]);
  });

  it.each([
    ['fails the task that awaits it', 'o~t1', ['o: TaskFailed']],
    ['says nothing where nobody awaits it', 'o~t9', []],
  ])('whose journal is broken %s', async (_, child, expected) => {
    const { due, ports } = await family();
    const { latest } = ports.journal;
    ports.journal.latest = async (orderId) => {
      if (orderId === child) throw new BrokenJournalError(orderId, 1);
      return latest(orderId);
    };
    const events = await due({ child });
    expect(inWords(events)).toEqual(expected);
    for (const [, event] of events) expect(event).toMatchObject({ error: { code: 'CHILD_LOST' } });
  });
});

describe('a child order that its parent has called off', () => {
  async function calledOff() {
    const world = await family({ steps: [{ workflow: 'child' }, { plugin: 'A' }] });
    await world.begin();
    const { now, advance } = world;
    const skip = { type: 'SkipRequested', at: now(), actId: 'skip', askedAt: now() } as const;
    await advance('o', { ...skip, job: 'child', result: 1 });
    const at = now();
    await advance('o', { type: 'TaskHeartbeat', at, sentAt: at, taskId: 't2', attempt: 1 });
    return world;
  }

  it('is cancelled', async () => {
    const { due } = await calledOff();
    expect(inWords(await due({ calledOff: true }))).toEqual(['o~t1: CancelRequested']);
  });

  it('is looked for in the journal only by a message that says so', async () => {
    const { due, read } = await calledOff();
    const before = read('o');
    expect(await due()).toEqual([]);
    expect(read('o')).toBe(before);
  });

  it('goes on where its parent awaits it once more', async () => {
    const { due, begin, ports } = await family();
    await begin();
    ports.journal.newestFirst = async function* () {
      yield { calledOff: ['o~t1'] } as unknown as JournalEntry;
    };
    expect(await due({ calledOff: true })).toEqual([]);
  });
});

// Was: whoever was to tell the child found none, and it did all of its work for nobody.
describe('a child order whose parent decides otherwise while it is being placed', () => {
  /** What the parent's entry is, and what its child is asked for then. */
  const turns = [
    ['was cancelled as it was', { type: 'CancelRequested', undo: false }, 'CancelRequested'],
    ['has paused', { type: 'PauseRequested' }, 'PauseRequested'],
    ['has skipped it', { type: 'SkipRequested', job: 'child', result: 1 }, 'CancelRequested'],
  ] as const;

  async function overtaken(turn: { readonly type: string }) {
    const world = await family({ steps: [{ plugin: 'A' }, { workflow: 'child' }] });
    await world.advance('o', world.completed('t1'));
    const { workflows } = world.ports;
    const { latest } = workflows;
    const child = 'o~t2';
    workflows.latest = async (name) => {
      workflows.latest = latest;
      const { type, ...more } = turn;
      await world.advance('o', world.act(type as 'PauseRequested', more));
      await world.tend({ child, calledOff: true });
      return latest(name);
    };
    return { ...world, child };
  }

  it('is placed and cancelled by whoever tells it that its parent is being undone', async () => {
    const { due, child, state } = await overtaken({ type: 'CancelRequested' });
    expect(inWords(await due({ child }))).toEqual([]);
    expect(await state(child)).toMatchObject({ status: 'cancelled' });
  });

  it.each(turns)('is told at once that its parent %s', async (_, turn, asked) => {
    const { due, child } = await overtaken(turn);
    expect(inWords(await due({ child }))).toEqual([`${child}: ${asked}`]);
  });

  it.each(turns)(
    'is told by the message that comes again, since its process died, that its parent %s',
    async (_, turn, asked) => {
      const { due, child, state, ports } = await overtaken(turn);
      const { put } = ports.activeOrders;
      const { latest } = ports.journal;
      // It dies once the child is there.
      ports.journal.latest = async (orderId) => {
        if (orderId === 'o' && (await state(child)) !== undefined) throw new Error('killed');
        return latest(orderId);
      };
      await expect(due({ child })).rejects.toThrow('killed');
      Object.assign(ports.journal, { latest });
      Object.assign(ports.activeOrders, { put });
      expect(inWords(await due({ child, isAgain: true }))).toContain(`${child}: ${asked}`);
    },
  );

  it('is left in peace by such a message if a person has retried it', async () => {
    const { due, begin, advance, act, broken, tend } = await family({
      steps: [{ workflow: 'child' }, { plugin: 'A' }],
    });
    await begin();
    await advance('o~t1', broken('t1'));
    await tend();
    await advance('o~t1', act('RetryRequested'));
    expect(inWords(await due({ isAgain: true }))).toEqual(['o: TaskFailed']);
  });
});

describe('a message about a child order that comes again', () => {
  const again = { isAgain: true };

  it('says again what its parent has asked of it since, and not what a person has', async () => {
    const { due, begin, advance, act, tend, pass, now, read } = await family();
    await begin();
    pass(60);
    const sentAt = now();
    for (const type of ['PauseRequested', 'ResumeRequested'] as const) {
      await advance('o', act(type));
      await tend();
      pass(1);
    }
    for (const type of ['PauseRequested', 'ResumeRequested'] as const) {
      await advance('o~t1', act(type, { actor: 'someone' }));
    }
    const before = read('o~t1');
    expect(inWords(await due({ ...again, sentAt }))).toEqual([
      'o~t1: PauseRequested',
      'o~t1: ResumeRequested',
    ]);
    // Two of each, and the one in which it began, before the message was sent.
    expect(read('o~t1') - before).toBe(5);
    pass(60);
    expect(await due({ ...again, sentAt: now() })).toEqual([]);
  });

  /** A parent with a child, and a plugin at once; both have been answered for, and another task goes on. */
  async function answered() {
    const parallel = [{ plugin: 'A' }, { workflow: 'child' }];
    const world = await family({
      activities: [{ name: 'a', pre: [], parallel, post: ['B'].map((name) => ({ plugin: name })) }],
    });
    await world.begin('o~t2');
    await world.advance('o~t2', world.completed('t1', 'of the child'));
    return world;
  }

  it('says again what its end was to its parent, and not what others have answered', async () => {
    const { due, tend, advance, completed } = await answered();
    await tend({ child: 'o~t2' });
    await advance('o', completed('t1', 'of A'));
    const child = 'o~t2';
    expect(await due({ ...again, child })).toEqual([
      // The child has ended: to its parent that is an answer, which it has taken already.
      ['o', expect.objectContaining({ type: 'TaskCompleted', taskId: 't2' })],
      [
        'o',
        expect.objectContaining({ type: 'TaskCompleted', taskId: 't2', result: 'of the child' }),
      ],
    ]);
  });

  const answersIn = (due: readonly DueEvent[]) =>
    due.flatMap(([orderId, event]) =>
      'attempt' in event ? [`${orderId}: ${event.type} ${event.taskId}·${event.attempt}`] : [],
    );

  it('says again how each attempt of its task ended, and reads no further than it has to', async () => {
    const { due, begin, tend, advance, act, broken, pass, now, read } = await family();
    for (const id of ['o~t1', 'o~t1~2']) {
      await begin(id);
      await advance(id, broken('t1'));
      await tend({ child: id });
      pass(60);
      await advance('o', act('RetryRequested'));
    }
    let before = read('o');
    expect(answersIn(await due({ ...again, sentAt: now() - 180_000 }))).toEqual([
      'o: TaskFailed t1·1',
    ]);
    // Placed, begun, failed, retried, failed, retried: all but the first.
    expect(read('o') - before).toBe(5);
    before = read('o');
    expect(answersIn(await due({ ...again, child: 'o~t1~2', sentAt: now() - 180_000 }))).toEqual([
      'o: TaskFailed t1·2',
    ]);
    expect(read('o') - before).toBe(3);
    before = read('o');
    expect(await due({ ...again, child: 'o~t9', sentAt: now() })).toEqual([]);
    // The last one, and the one before the message was sent.
    expect(read('o') - before).toBe(2);
  });

  /** A parent whose child has completed, and which has failed since. */
  async function beingUndone() {
    const world = await family({ steps: [{ workflow: 'child' }, { plugin: 'A' }] });
    await world.begin();
    await world.advance('o~t1', world.completed('t1'));
    await world.tend();
    await world.advance('o', world.broken('t2'));
    return world;
  }

  it('says again that it has been undone', async () => {
    const { due, tend, advance, completed, state } = await beingUndone();
    await tend();
    await advance('o~t1', completed('t2', null));
    await tend();
    expect(await state()).toMatchObject({ status: 'failed', stage: { stage: 'undo' } });
    expect(answersIn(await due(again))).toContain('o: TaskCompleted t3·1');
  });

  it('says again how it ended, though it is being undone since', async () => {
    const { due, state } = await beingUndone();
    expect(await state()).toMatchObject({ status: 'compensating' });
    expect(answersIn(await due(again))).toEqual(['o: TaskCompleted t1·1']);
  });

  // Was: by the attempt that was under way, another's, it was taken for nobody's answer: what the parent had to say of its undoing was
  // lost when its writer died (simulated world 3700105737).
  it('says again how it ended when another attempt was under way, though it is being undone since', async () => {
    const { due, begin, tend, advance, act, broken, completed, pass, state } = await family({
      steps: [{ workflow: 'child' }, { plugin: 'A' }],
    });
    await begin();
    await advance('o~t1', broken('t1'));
    await tend();
    pass(60);
    await advance('o', act('RetryRequested'));
    await begin('o~t1~2');
    pass(60);
    await advance('o~t1', act('RetryRequested'));
    await advance('o~t1', completed('t1', 'after all', 2));
    await tend();
    await advance('o', broken('t2'));
    expect(await state()).toMatchObject({ stage: { tasks: [{ undoneChild: 'o~t1' }] } });
    expect(answersIn(await due(again))).toEqual(['o: TaskCompleted t1·1']);
  });
});
