import { describe, expect, it } from '@jest/globals';
import type { Plugin } from '../../src/core/plugin.ts';
import type { Begun } from '../../src/core/sessions.ts';
import { hasOpenSession } from '../../src/core/sessions.ts';
import type { StageTask } from '../../src/core/task.ts';
import type { Happening } from './order-specification.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  completed,
  deadlinePassed,
  failedForGood,
  failedUntil,
  joins,
  plugin,
  plugins,
  retriedAtOnce,
  retryRequested,
  seconds,
  skipRequested,
  taskCancelRequested,
  workflow,
} from './vocabulary.ts';

const stateful = (differing: Partial<Plugin> = {}) =>
  plugin('S', { ordered: 'attributes.session', stateful: true, ...differing });

const retiring = stateful({ draining: true });

const drained = stateful({
  quarantined: { plugin: 'S', phase: 'draining', since: 0, reason: 'moves' },
});

const twice = {
  workflow: workflow({ pre: ['S', 'A', 'S'] }),
  plugins: [...plugins('A'), stateful()],
};

async function statusesOf(setting: Parameters<typeof given>[0], ...past: readonly Happening[]) {
  const { state } = await given(setting, ...past).told();
  if (!('stage' in state)) return [state.status];
  return state.stage?.tasks.map(({ status }) => status);
}

describe('a stateful plugin that retires', () => {
  const open = [accepted(), completed('t1', 1), { plugins: [...plugins('A'), retiring] }];

  it('gets the tasks of orders that have had one with it', async () => {
    expect(await statusesOf(twice, ...open, completed('t2', 2))).toEqual([
      ...['completed', 'completed', 'inFlight'],
    ]);
    const { state } = await given(twice, ...open, completed('t2', 2), completed('t3', 3)).told();
    expect(state).toMatchObject({ status: 'completed', result: 3 });
  });

  it('opens no session in an order that has had none', async () => {
    const { state } = await given(
      { ...twice, plugins: [...plugins('A'), retiring] },
      accepted(),
    ).told();
    expect(state).toMatchObject({
      stage: { tasks: [{ status: 'backingOff', error: { code: 'PLUGIN_DRAINING' } }, {}, {}] },
    });
  });

  it('opens none when what it refused is tried again', async () => {
    const refused = { ...twice, plugins: [...plugins('A'), retiring] };
    const { state } = await given(refused, accepted(), deadlinePassed(seconds(2))).told();
    expect(state).toMatchObject({
      stage: { tasks: [{ attempt: 2, error: { code: 'PLUGIN_DRAINING' } }, {}, {}] },
    });
  });

  it('opens none because it refused an optional task before', async () => {
    const once = stateful({ draining: true, ...retriedAtOnce(1) });
    const optional = {
      workflow: workflow({ pre: [{ plugin: 'S', mandatory: false }, 'A'], post: ['S'] }),
      plugins: [...plugins('A'), once],
    };
    const { state } = await given(optional, accepted(), completed('t2', 1)).told();
    expect(state).toMatchObject({ status: 'failed', error: { code: 'PLUGIN_DRAINING' } });
  });

  it('is invited with everyone where its session is open, and nowhere else', async () => {
    const everyone = {
      workflow: workflow({ pre: ['A'], parallel: '*' }),
      plugins: [...plugins('A'), stateful(joins())],
    };
    const gone = { plugins: [...plugins('A'), stateful({ ...joins(), draining: true })] };
    const none = await given(everyone, accepted(), gone, completed('t1', 1)).told();
    expect(none.state.status).toBe('completed');
    expect(none.last.leftOut).toMatchObject([
      { plugin: 'S', reason: 'it retires and takes nothing new' },
    ]);
    const begun = { ...everyone, workflow: workflow({ pre: ['S', 'A'], parallel: '*' }) };
    const past = [accepted(), completed('t1', 1), gone];
    const named = { ...begun, workflow: { ...begun.workflow } };
    expect(await statusesOf(named, ...past, completed('t2', 2))).toEqual(['inFlight']);
  });

  it('has no sessions in other plugins, nor do others in it', async () => {
    const others = { plugins: [plugin('A', { draining: true }), retiring] };
    const past = [accepted(), others, completed('t1', 1)];
    const asked = { ...twice, workflow: workflow({ pre: ['A', 'S'] }) };
    expect(await statusesOf(asked, ...past)).toEqual(['completed', 'backingOff']);
    expect(await statusesOf(twice, ...past)).toEqual(['completed', 'backingOff', 'planned']);
  });

  it('still gets a task again that failed', async () => {
    const past = [accepted(), failedUntil('t1', 2), { plugins: [...plugins('A'), retiring] }];
    expect(await statusesOf(twice, ...past, deadlinePassed(seconds(2)))).toMatchObject([
      ...['inFlight', 'planned', 'planned'],
    ]);
  });
});

describe('a stateful plugin that a person drains', () => {
  it('gets the tasks of open sessions, and parks the others', async () => {
    const held = { plugins: [...plugins('A'), drained] };
    expect(
      await statusesOf(twice, accepted(), completed('t1', 1), held, completed('t2', 2)),
    ).toEqual(['completed', 'completed', 'inFlight']);
    expect(await statusesOf({ ...twice, ...held }, accepted())).toEqual([
      ...['parked', 'planned', 'planned'],
    ]);
  });

  it.each([
    ['skipped', skipRequested('S', seconds(1))],
    ['done by hand', skipRequested('S', seconds(1), { result: 1 })],
    ['cancelled', taskCancelRequested('S', seconds(1))],
  ])('takes no further task of an order whose only one was %s before it got it', async (_, act) => {
    const optional = { plugin: 'S', mandatory: false };
    const setting = {
      workflow: workflow({ pre: [optional], post: ['S'] }, { post: ['S'] }),
      plugins: [...plugins('A'), drained],
    };
    expect(await statusesOf(setting, accepted(), act)).toEqual(['parked']);
    const skips = [act, skipRequested('S#2', seconds(2))];
    expect(await statusesOf(setting, accepted(), ...skips)).toEqual(['parked']);
  });

  it('remembers that of an order that has failed and goes on', async () => {
    const optional = { plugin: 'S', mandatory: false };
    const setting = {
      workflow: workflow({ pre: [optional, 'A'], post: ['S'] }),
      plugins: [...plugins('A'), drained],
    };
    const failedAtA = [accepted(), skipRequested('S', seconds(1)), failedForGood('t2', seconds(2))];
    expect(
      await statusesOf(setting, ...failedAtA, retryRequested(seconds(3)), completed('t2', 1)),
    ).toEqual(['parked']);
  });

  it('is remembered for no task that it has had', async () => {
    const skips = [skipRequested('S', seconds(1)), skipRequested('S#2', seconds(2))];
    const { state } = await given(twice, accepted(), ...skips.slice(0, 1)).told();
    expect(state).not.toHaveProperty('neverSentJobs');
    const held = { ...twice, workflow: workflow({ pre: ['S', 'S'], post: ['A'] }) };
    const both = await given(
      { ...held, plugins: [...plugins('A'), drained] },
      accepted(),
      ...skips,
    ).told();
    expect(both.state).toMatchObject({ neverSentJobs: ['S', 'S#2'] });
  });

  it('takes none of an order that has called its only one off before it got it', async () => {
    const { activities, ...rest } = workflow({ parallel: ['S', 'A'], post: ['S'] });
    const setting = {
      workflow: { ...rest, activities: activities.map((one) => ({ ...one, enough: 1 })) },
      plugins: [...plugins('A'), drained],
    };
    expect(await statusesOf(setting, accepted(), completed('t2', 1))).toEqual(['parked']);
  });

  it('parks them all where it is in quarantine, sick', async () => {
    const sick = stateful({
      quarantined: {
        ...{ plugin: 'S', phase: 'closed', since: 0, reason: 'fails' },
        failedCanaries: 0,
      } as never,
    });
    const past = [accepted(), completed('t1', 1), { plugins: [...plugins('A'), sick] }];
    expect(await statusesOf(twice, ...past, completed('t2', 2))).toEqual([
      ...['completed', 'completed', 'parked'],
    ]);
  });
});

it('an ordered plugin that is not stateful opens no sessions', async () => {
  const ordered = (draining?: true) =>
    plugin('S', { ordered: 'attributes.session', ...(draining && { draining }) });
  const setting = { ...twice, plugins: [...plugins('A'), ordered()] };
  const past = [accepted(), completed('t1', 1), { plugins: [...plugins('A'), ordered(true)] }];
  expect(await statusesOf(setting, ...past, completed('t2', 2))).toEqual([
    ...['completed', 'completed', 'backingOff'],
  ]);
});

it('an order that has failed for good keeps its session as long as it is undone, and no longer', async () => {
  const undoing = stateful({ compensates: true });
  const setting = { ...twice, plugins: [...plugins('A'), undoing] };
  const gone = { plugins: [...plugins('A'), { ...undoing, draining: true as const }] };
  const past = [accepted(), completed('t1', 1), gone, failedForGood('t2')];
  expect(await statusesOf(setting, ...past)).toEqual(['inFlight']);
});

describe('the session of a stateful plugin in an order', () => {
  const S = { name: 'S', stateful: true } as const;
  const named = { jobs: { S: 1 } };
  const error = (code: string) => ({ code, message: 'why' });
  const task = (more: object) => ({
    ...{ step: 0, plugin: 'S', mandatory: true, taskId: 't1', job: 'S', entry: 1 },
    ...{ attempt: 1, giveUpAt: seconds(99), ...more },
  });
  const standingAt = (...tasks: readonly object[]): Begun => ({
    ...named,
    stage: { activity: 0, stage: 'pre', tasks: tasks as readonly StageTask[] },
  });

  it('is open once it has had a task, and of no plugin that is not stateful', () => {
    expect(hasOpenSession(named, S)).toBe(true);
    expect(hasOpenSession({}, S)).toBe(false);
    expect(hasOpenSession({ jobs: { T: 1 } }, S)).toBe(false);
    expect(hasOpenSession(named, { name: 'S' })).toBe(false);
  });

  it.each([
    ['PLUGIN_NOT_REGISTERED', false],
    ['PLUGIN_DRAINING', false],
    ['EXPRESSION_FAILED', false],
    ['BROKEN', true],
  ])('after a stage in which its task failed with %s: open, %s', (code, isOpen) => {
    const failedJobs = [{ job: 'S', entry: 1, error: error(code) }];
    expect(hasOpenSession({ ...named, failedJobs }, S)).toBe(isOpen);
    expect(hasOpenSession({ jobs: { S: 2 }, failedJobs }, S)).toBe(true);
  });

  it.each<[string, object, boolean]>([
    ['in flight', { status: 'inFlight' }, true],
    ['completed', { status: 'completed' }, true],
    ['skipped with a result before it was sent', { status: 'completed', attempt: 0 }, false],
    ['parked before it was sent', { status: 'parked', attempt: 0 }, false],
    ['parked after it had failed', { status: 'parked', error: error('BROKEN') }, true],
    ['backing off', { status: 'backingOff', error: error('BROKEN') }, true],
    ['refused', { status: 'backingOff', error: error('PLUGIN_DRAINING') }, false],
    ['failed', { status: 'failed', error: error('BROKEN') }, true],
    ['failed at its expressions', { status: 'failed', attempt: 0, error: error('X') }, false],
    ['an order of a workflow of that name', { status: 'inFlight', byOrder: true }, false],
    ['an event of that type', { status: 'inFlight', awaits: true }, false],
  ])('while its task is %s: open, %j', (_, more, isOpen) => {
    const wait = { status: 'plannedWait', step: 1 };
    expect(hasOpenSession(standingAt(wait, task(more)), S)).toBe(isOpen);
  });
});
