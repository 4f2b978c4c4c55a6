import { describe, expect, it } from '@jest/globals';
import type { OrderState } from '../../src/core/order.ts';
import { actToEnd } from '../../src/engine/acts-of-parent.ts';
import { family } from './family.ts';

/** A parent and its child, which both have begun. */
async function begun(...steps: NonNullable<Parameters<typeof family>[0]>['steps'] & object) {
  const world = await family({ steps: [{ workflow: 'child' }, ...steps] });
  await world.begin();
  const types = async () => (await world.due()).map(([orderId, { type }]) => [orderId, type]);
  return { ...world, types };
}

describe('a child order', () => {
  it('pauses when its parent has, and goes on when its parent does, each time', async () => {
    const { advance, act, types, tend, pass } = await begun();
    for (let times = 0; times < 2; times += 1) {
      await advance('o', act('PauseRequested'));
      expect(await types()).toEqual([['o~t1', 'PauseRequested']]);
      await tend();
      expect(await types()).toEqual([]);
      await advance('o', act('ResumeRequested'));
      expect(await types()).toEqual([['o~t1', 'ResumeRequested']]);
      await tend();
      expect(await types()).toEqual([]);
      pass(1);
    }
  });

  it('is told who asks for it, and why', async () => {
    const { advance, act, due, now } = await begun();
    await advance('o', act('PauseRequested'));
    expect(await due()).toEqual([
      [
        'o~t1',
        {
          ...{ type: 'PauseRequested', at: now(), actId: 'parent-o-2', askedAt: 0 },
          ...{ actor: 'order o', reason: 'as its parent' },
        },
      ],
    ]);
  });

  it('that a person has paused stays paused, and its journal is not read', async () => {
    const { advance, act, types, pass, read } = await begun();
    for (const type of ['PauseRequested', 'ResumeRequested'] as const) {
      await advance('o~t1', act(type, { actor: 'order o' }));
      pass(1);
    }
    await advance('o~t1', act('PauseRequested', { actor: 'someone' }));
    const before = read('o~t1');
    expect(await types()).toEqual([]);
    expect(read('o~t1') - before).toBe(0);
  });

  // Was: such a wish changed nothing, was answered as if it had been taken, and the child went on with its parent.
  it('that a person pauses while its parent has paused it stays paused', async () => {
    const { advance, act, types, tend, pass, sent, state } = await begun();
    await advance('o', act('PauseRequested'));
    await tend();
    const [before] = [await state('o~t1')];
    pass(1);
    sent();
    await advance('o~t1', act('PauseRequested', { actor: 'operator Ann' }));
    expect(sent()).toEqual(['order.paused']);
    const pausedBy = { actId: expect.any(String), actor: 'operator Ann' };
    expect(await state('o~t1')).toEqual({ ...before, entry: 3, byParent: undefined, pausedBy });
    await advance('o', act('ResumeRequested'));
    expect(await types()).toEqual([]);
  });

  it('that its parent has paused is not paused by it once more', async () => {
    const { advance, act, tend, state } = await begun();
    await advance('o', act('PauseRequested'));
    await tend();
    const again = act('PauseRequested', { actor: 'order o', actId: 'another' });
    const before = await state('o~t1');
    await advance('o~t1', again);
    expect(await state('o~t1')).toEqual(before);
  });

  it('that a person has paused in the moment in which its parent let it go on stays paused', async () => {
    const { advance, act, types } = await begun();
    await advance('o~t1', act('PauseRequested', { actor: 'order o' }));
    await advance(
      ...(['o~t1', act('ResumeRequested', { actor: 'order o' })] as const),
      act('PauseRequested', { actor: 'someone', actId: 'another' }),
    );
    expect(await types()).toEqual([]);
  });

  it('that goes on is asked for nothing, and its journal is not read', async () => {
    const { types, read } = await begun();
    expect(await types()).toEqual([]);
    expect(read('o~t1')).toBe(0);
  });

  it('for which its parent waits no longer is asked for nothing else', async () => {
    const { advance, act, now, types } = await begun({ plugin: 'A' });
    const skip = { type: 'SkipRequested', at: now(), actId: 'skip', askedAt: now() } as const;
    await advance('o', { ...skip, job: 'child', result: 1 });
    await advance('o', act('PauseRequested'));
    expect(await types()).toEqual([]);
  });

  it('is cancelled when its parent is being undone', async () => {
    const world = await family({ steps: [{ plugin: 'A' }, { workflow: 'child' }] });
    await world.advance('o', world.completed('t1'));
    await world.begin('o~t2');
    await world.advance('o', world.act('CancelRequested'));
    const due = await world.due({ child: 'o~t2' });
    expect(due.map(([orderId, { type }]) => [orderId, type])).toEqual([
      ['o~t2', 'CancelRequested'],
    ]);
    expect(due[0]?.[1]).not.toHaveProperty('undo');
  });
});

it.each([
  ['goes on', { status: 'running' }, undefined],
  ['was cancelled as it was', { status: 'cancelled' }, false],
  ['was undone before it was cancelled', { status: 'cancelled', undoing: {} }, undefined],
  ['has failed', { status: 'failed' }, undefined],
])(
  'a child that is called off undoes what it has done, unless its parent was cancelled as it was: it %s',
  async (_, parent, undo) => {
    const { ports } = await family();
    const state = { orderId: 'o', entry: 3, ...parent } as unknown as OrderState;
    const child = { orderId: 'o~t1', status: 'running' } as OrderState;
    expect(await actToEnd(child, state, { ...ports, clock: () => 7 })).toEqual({
      ...{ type: 'CancelRequested', at: 7, actId: 'parent-o-3', askedAt: 0 },
      ...{ actor: 'order o', reason: 'as its parent' },
      ...(undo === false && { undo }),
    });
  },
);
