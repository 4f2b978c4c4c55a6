import { describe, expect, it } from '@jest/globals';
import { createRegistration, listen } from './registration-world.ts';

const cloudformation = listen();

describe('where a plugin takes part', () => {
  const joining = (...joins: object[]) => JSON.stringify({ name: 'A', joins });
  const MAKE = { activity: 'make', stage: 'parallel' };
  const OPEN = { name: 'make', parallel: '*' };

  it('a workflow that it names has no such activity: refused, and the reason says which there are', async () => {
    const { ask, registry, putWorkflow } = createRegistration(cloudformation);
    await putWorkflow('photo', [
      { name: 'check', pre: ['B'] },
      { name: 'publish', post: '*' },
    ]);
    const definition = joining({ activity: 'x', stage: 'pre' }, { ...MAKE, workflow: 'photo' });
    expect(await ask({ type: 'Create', definition })).toMatchObject({
      Status: 'FAILED',
      Reason:
        'plugin A: joins[1]: UNKNOWN_ACTIVITY: workflow photo (version 1) has no activity make, only check, publish',
    });
    expect((await registry.plugins()).size).toBe(0);
  });

  it('a workflow that it names has the activity, but invites nobody to the stage: refused', async () => {
    const { ask, registry, putWorkflow } = createRegistration(cloudformation);
    await putWorkflow('photo', [{ name: 'make', parallel: ['A'], post: '*' }]);
    const definition = joining({ ...MAKE, workflow: 'photo' });
    expect(await ask({ type: 'Create', definition })).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('CLOSED_STAGE: workflow photo (version 1) invites nobody'),
    });
    expect((await registry.plugins()).size).toBe(0);
  });

  it.each([
    ['a workflow that it names invites it', { ...MAKE, workflow: 'photo' }],
    ['a workflow that it names is not there yet', { ...MAKE, workflow: 'film' }],
    ['it names none, and one has the activity', MAKE],
    ['it names none, and none has the activity yet', { activity: 'print', stage: 'post' }],
  ])('%s: it is registered', async (_name, join) => {
    const { ask, registry, putWorkflow } = createRegistration(cloudformation);
    await putWorkflow('photo', [OPEN]);
    const answer = await ask({ type: 'Create', definition: joining(join) });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await registry.plugins()).get('A')?.joins).toMatchObject([join]);
  });

  it('before any workflow is there, it is registered', async () => {
    const { ask } = createRegistration(cloudformation);
    const answer = await ask({ type: 'Create', definition: joining(MAKE) });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
  });

  it('what is registered already is not refused again when its workflow has changed, what is new is', async () => {
    const { ask, putWorkflow } = createRegistration(cloudformation);
    await putWorkflow('photo', [OPEN]);
    const known = { ...MAKE, workflow: 'photo' };
    await ask({ type: 'Create', definition: joining(known) });
    await putWorkflow('photo', [{ name: 'publish', parallel: '*' }]);
    const again = await ask({ type: 'Update', definition: joining({ ...known, order: 5 }) });
    expect(again).toMatchObject({ Status: 'SUCCESS' });
    const more = joining(known, { ...known, activity: 'print' });
    const refused = await ask({ type: 'Update', definition: more });
    expect(refused).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^plugin A: joins\[1\]: UNKNOWN_ACTIVITY: .*print[^;]*$/),
    });
  });

  // Was: only the latest registration counted, so that the rollback of a change was refused (UPDATE_ROLLBACK_FAILED). Now: the one before, too.
  it('a stack that rolls back gets to what it was, though its workflow has changed', async () => {
    const { ask, putWorkflow } = createRegistration(cloudformation);
    await putWorkflow('photo', [OPEN]);
    const definition = joining({ ...MAKE, workflow: 'photo' });
    await ask({ type: 'Create', definition });
    await putWorkflow('photo', [{ name: 'publish', parallel: '*' }]);
    const changed = joining({ activity: 'publish', stage: 'parallel', workflow: 'photo' });
    for (const delivered of ['once', 'twice']) {
      const answer = await ask({ type: 'Update', definition: changed });
      expect([delivered, answer]).toMatchObject([delivered, { Status: 'SUCCESS' }]);
    }
    expect(await ask({ type: 'Update', definition })).toMatchObject({ Status: 'SUCCESS' });
  });

  it.each([
    ['an unknown operator', { kind: [{ like: 'x' }] }, /joins\[0\]\.filter\.kind/],
    ['a range of words', { size: [{ numeric: ['>', 'ten'] }] }, /joins\[0\]\.filter\.size/],
    ['a range without its bound', { size: [{ numeric: ['>'] }] }, /joins\[0\]\.filter\.size/],
    ['no condition', { kind: [] }, /joins\[0\]\.filter\.kind/],
    ['no list', { kind: 'x' }, /joins\[0\]\.filter\.kind/],
    ['no alternative', { $or: [] }, /joins\[0\]\.filter\.\$or/],
    ['two that are wrong', { a: 'x', b: 'x' }, /joins\[0\]\.filter\.a.*joins\[0\]\.filter\.b/],
  ])('a filter with %s is refused, with its path', async (_name, filter, path) => {
    const { ask, registry } = createRegistration(cloudformation);
    const refused = await ask({ type: 'Create', definition: joining({ ...MAKE, filter }) });
    expect(refused).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(path) });
    expect((await registry.plugins()).size).toBe(0);
  });

  it('an unknown stage is refused, with its path and the stages that there are', async () => {
    const { ask } = createRegistration(cloudformation);
    const definition = joining({ activity: 'make', stage: 'middle' });
    expect(await ask({ type: 'Create', definition })).toMatchObject({
      Status: 'FAILED',
      Reason: 'joins[0].stage: must be one of "pre", "parallel", "post"',
    });
  });
});
