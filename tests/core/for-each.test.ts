import { describe, expect, it } from '@jest/globals';
import { beginningNow, isOverIn, tolerated } from '../../src/core/for-each.ts';
import type { Json } from '../../src/core/json.ts';
import { closed, DEFAULT_RULE } from '../../src/core/quarantine.ts';
import { taskProgress } from '../../src/core/remaining.ts';
import type { StageTask } from '../../src/core/task.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import type { PluginStep } from '../../src/core/workflow.ts';
import type { Happening } from './order-specification.ts';
import { given, typesOf } from './order-specification.ts';
import type { Stages } from './vocabulary.ts';
import {
  accepted,
  cancelRequested,
  completed,
  deadlinePassed,
  dispatch,
  failed,
  failedForGood,
  pauseRequested,
  plugin,
  plugins,
  resumeRequested,
  retryRequested,
  seconds,
  skipRequested,
  workflow,
} from './vocabulary.ts';

const each = (more: Partial<PluginStep> = {}): PluginStep => ({
  plugin: 'A',
  forEach: 'payload.pages',
  ...more,
});

const of = (input: Json, ...stages: readonly Stages[]) => ({
  workflow: workflow(...stages),
  plugins: plugins('A', 'B', 'C'),
  input,
});

const pages = (...list: Json[]) => ({ pages: list });
const abc = pages('a', 'b', 'c');
const withStep = (more: Partial<PluginStep> = {}, input: Json = abc) =>
  of(input, { parallel: [each(more)], post: ['C'] });

describe('a step with forEach', () => {
  it('is one task per element, and each element is the input of its task', async () => {
    await given(withStep())
      .when(accepted())
      .then({
        status: 'running',
        commands: [
          {},
          dispatch('A', { taskId: 't1', input: 'a', ownInput: true, stage: 'parallel' }),
          dispatch('A#2', { taskId: 't2', input: 'b' }),
          dispatch('A#3', { taskId: 't3', input: 'c' }),
        ],
      });
  });

  it('gives a list of results in the order of the elements, whichever came first', async () => {
    const order = given(withStep(), accepted(), completed('t3', 'C'), completed('t1', 'A'));
    await order.when(completed('t2', null)).then({
      status: 'running',
      commands: [dispatch('C', { input: { A: ['A', null, 'C'] } })],
    });
  });

  it('stands in its stage beside others, under its own key', async () => {
    const setting = of(abc, { parallel: ['A', each(), 'B', each({ forEach: '[7]' })] });
    const order = given(setting, accepted());
    const { last } = await order.told();
    const dispatches = last.commands.filter(({ type }) => type === 'DispatchTask');
    expect(dispatches).toMatchObject([
      { job: 'A', input: abc },
      { job: 'A#2', input: 'a' },
      { job: 'A#3', input: 'b' },
      { job: 'A#4', input: 'c' },
      { job: 'B', input: abc },
      { job: 'A#5', input: 7 },
    ]);
    const results = [1, 2, 3, 4, 5, 6].map((n) => completed(`t${n}`, n));
    await order.when(...results).then({
      status: 'completed',
      state: { result: { A: 1, 'A#2': [2, 3, 4], B: 5, 'A#3': [6] } },
    });
  });

  it('records its list when the stage is entered, and each task the place of its element', async () => {
    const { state, journal } = await given(withStep(), accepted(), completed('t1', 1)).told();
    expect(state).toMatchObject({ stage: { lists: { 0: ['a', 'b', 'c'] } } });
    expect(tasksOf(journal)).toMatchObject([
      { job: 'A', input: 'a', element: 0 },
      { job: 'A#2', input: 'b', element: 1 },
      { job: 'A#3', input: 'c', element: 2 },
    ]);
  });

  it('may name the element and its place in an input of its own', async () => {
    const input = { page: '$element', at: '$index', of: '$count(payload.pages)' };
    await given(withStep({ input }))
      .when(accepted())
      .then({
        status: 'running',
        commands: [
          {},
          dispatch('A', { input: { page: 'a', at: 0, of: 3 } }),
          dispatch('A#2', { input: { page: 'b', at: 1, of: 3 } }),
          dispatch('A#3', { input: { page: 'c', at: 2, of: 3 } }),
        ],
      });
  });

  it('names its element, too, where it begins together with tasks that have none', async () => {
    const beside = { plugin: 'B', input: '$count(payload.pages)' };
    const parallel = [beside, each({ input: '$element & $index' })];
    const { last } = await given(of(abc, { parallel }), accepted()).told();
    expect(last.commands.filter(({ type }) => type === 'DispatchTask')).toMatchObject([
      { job: 'B', input: 3 },
      ...['a0', 'b1', 'c2'].map((input) => ({ input })),
    ]);
  });

  it('of an empty list is over at once, with an empty list', async () => {
    const order = given(withStep({}, pages())).when(accepted());
    await order.then({
      status: 'running',
      commands: [{}, dispatch('C', { input: { A: [] } })],
    });
    const { journal } = await order.told();
    expect(journal.flatMap(({ leftOut = [] }) => leftOut)).toMatchObject([
      { plugin: 'A', status: 'skipped', reason: 'the list of its `forEach` is empty' },
    ]);
  });

  it('whose `when` is false makes no list, and hands on what the stage got', async () => {
    await given(withStep({ when: 'false', forEach: '$error("no")' }))
      .when(accepted())
      .then({ status: 'running', commands: [{}, dispatch('C', { input: abc })] });
  });

  it('whose `when` is true is not asked again for each element', async () => {
    await given(withStep({ when: '$not($exists($element))' }))
      .when(accepted())
      .then({
        status: 'running',
        commands: [{}, dispatch('A'), dispatch('A#2'), dispatch('A#3')],
      });
  });

  // Was: the record of a task for null had the payload for its input, and so had the compensation of that task.
  // Now: it has null, as the task had.
  it('may have null among its elements', async () => {
    const order = given(withStep({}, pages(null, 1)));
    const { journal } = await order.when(accepted()).told();
    expect(tasksOf(journal).map(({ input }) => input)).toEqual([null, 1]);
    await order.when(accepted()).then({
      status: 'running',
      commands: [{}, dispatch('A', { input: null, ownInput: true }), dispatch('A#2')],
    });
  });

  it.each([
    ['nothing.of.the.kind', 'it came to null; it must be a list'],
    ['payload', 'it came to {"pages":["a","b","c"]}; it must be a list'],
    ['[1..10001]', 'it came to a list of 10001 elements; 10000 are the most'],
    ['$error("no")', 'no'],
  ])('fails where %s is no list that it may have', async (forEach, why) => {
    const { state, journal } = await given(withStep({ forEach }), accepted()).told();
    expect(state).toMatchObject({
      status: 'failed',
      error: { code: 'EXPRESSION_FAILED', task: 'A', attempt: 0 },
    });
    expect(state).toHaveProperty('error.message', expect.stringContaining(`forEach: ${why}`));
    expect(tasksOf(journal)).toMatchObject([{ job: 'A', status: 'failed', attempts: [] }]);
  });

  it.each([1, '100%'])(
    'fails, too, where it tolerates %s: no element has failed',
    async (tolerate) => {
      await given(withStep({ forEach: 'nothing', tolerate }))
        .when(accepted())
        .then({ status: 'failed', state: { error: { task: 'A', attempt: 0 } } });
    },
  );

  it('says what to write where its list came to one value', async () => {
    const { state } = await given(withStep({ forEach: '7' }), accepted()).told();
    const hint = 'write […] around an expression that may come to one value or none';
    const message = `forEach: it came to 7; it must be a list: ${hint}`;
    expect(state).toMatchObject({ error: { message } });
  });

  it('may have ten thousand elements, together with the other lists of its stage', async () => {
    const most = await given(withStep({ forEach: '[1..10000]' }), accepted()).told();
    expect(most.state).toMatchObject({ status: 'running' });
    const two = (second: string) =>
      of(null, { parallel: [each({ forEach: '[1..6000]' }), each({ forEach: second })] });
    const atOnce = await given(two('[1..4001]'), accepted()).told();
    const error = (count: number, all: number) => ({
      code: 'EXPRESSION_FAILED',
      message: `forEach: it came to a list of ${count} elements, and all of its stage ${all}; 10000 are the most`,
    });
    const tasks = 'stage' in atOnce.state ? (atOnce.state.stage?.tasks ?? []) : [];
    expect(tasks.at(-1)).toMatchObject({ error: error(4001, 10_001) });
    const slices = Array.from({ length: 120 }, (_, index) => completed(`t${index + 1}`, []));
    const later = [accepted(), ...slices.slice(0, -1), [slices.at(-1)!, completed('t121', [])]];
    const input = Array.from({ length: 4001 }, () => 0);
    const { state } = await given(
      two('nothing'),
      ...[...later, retryRequested(9, { input })],
    ).told();
    expect(state).toMatchObject({ status: 'failed', error: error(4001, 10_001) });
  });

  it('counts each element among the tasks of the order', async () => {
    const setting = withStep({ concurrency: 1 });
    const { state } = await given(setting, accepted(), completed('t1', 1)).told();
    const registered = new Map(setting.plugins.map((one) => [one.name, one]));
    expect(taskProgress(state, setting.workflow, registered)).toEqual({ done: 1, total: 4 });
  });
});

describe('the concurrency of a step with forEach', () => {
  const setting = withStep({ concurrency: 2 }, pages('a', 'b', 'c', 'd'));
  const dispatched = async (...past: Happening[]) =>
    typesOf((await given(setting, ...past).told()).last.commands).filter((type) =>
      type.startsWith('DispatchTask'),
    );

  it('bounds how many of its tasks are under way; the next begins when one has ended', async () => {
    expect(await dispatched(accepted())).toEqual(['DispatchTask A', 'DispatchTask A#2']);
    expect(await dispatched(accepted(), completed('t2', 1))).toEqual(['DispatchTask A#3']);
    expect(await dispatched(accepted(), [completed('t2', 1), completed('t1', 1)])).toEqual([
      'DispatchTask A#3',
      'DispatchTask A#4',
    ]);
  });

  it('changes nothing of what a task gets: it knows of none that began before it', async () => {
    const input = { page: '$element', seen: '$count($keys($jobs))' };
    await given(withStep({ concurrency: 1, input }), accepted())
      .when(completed('t1', 1))
      .then({
        status: 'running',
        commands: [dispatch('A#2', { input: { page: 'b', seen: 0 } })],
      });
  });

  it('counts a task that backs off, which keeps its place', async () => {
    expect(await dispatched(accepted(), failed('t1', { at: seconds(1) }))).toEqual([]);
    const wakeUp = seconds(60);
    const past = [accepted(), failed('t1', { at: seconds(1) }), deadlinePassed(wakeUp)];
    expect(await dispatched(...past)).toEqual(['DispatchTask A']);
  });

  it('does not hold back the other steps of the stage', async () => {
    const both = { ...setting, workflow: workflow({ parallel: [each({ concurrency: 1 }), 'B'] }) };
    const { last } = await given(both, accepted()).told();
    expect(typesOf(last.commands)).toEqual(
      expect.arrayContaining(['DispatchTask A', 'DispatchTask B']),
    );
  });

  it('leaves room for the next whatever other steps have under way', async () => {
    const both = { ...setting, workflow: workflow({ parallel: [each({ concurrency: 1 }), 'B'] }) };
    await given(both, accepted())
      .when(completed('t1', 1))
      .then({ status: 'running', commands: [dispatch('A#2')] });
  });

  it('is of a step with forEach: of everyone else, each begins', () => {
    const place = { step: 0, plugin: 'A', mandatory: true };
    const planned: StageTask = { status: 'planned', ...place };
    const error = { code: 'BROKEN', message: 'it broke' };
    const hasFailed: StageTask = {
      ...{ status: 'failed', ...place, taskId: 't1', job: 'A', attempt: 1, entry: 1, error },
    };
    const everyone = workflow({ parallel: '*' });
    const stage = { activity: 0, stage: 'parallel', tasks: [hasFailed, planned] } as const;
    expect(beginningNow(stage, [planned], everyone)).toEqual([planned]);
    expect(isOverIn(planned, stage, everyone)).toBe(false);
  });

  it('holds after a pause as before', async () => {
    expect(await dispatched(pauseRequested(1), resumeRequested(2))).toEqual([
      'DispatchTask A',
      'DispatchTask A#2',
    ]);
    const past = [accepted(), pauseRequested(1), completed('t1', 1, 2), resumeRequested(3)];
    expect(await dispatched(...past)).toEqual(['DispatchTask A#3']);
  });
});

describe('the failures of a step with forEach', () => {
  it('are its own: it goes on though another step of its stage has failed', async () => {
    const parallel = [each({ concurrency: 1 }), 'B'];
    await given(of(abc, { parallel }), accepted(), failedForGood('t2'))
      .when(completed('t1', 1))
      .then({ status: 'running', commands: [dispatch('A#2')] });
  });

  it('fail the order when the stage has ended, from the first one on', async () => {
    const order = given(withStep(), accepted(), failedForGood('t2'), completed('t1', 1));
    expect((await order.told()).state.status).toBe('running');
    await order
      .when(completed('t3', 3))
      .then({ status: 'failed', state: { error: { task: 'A#2' } } });
  });

  it.each([1, '34%'])('are tolerated up to %s: null stands in their place', async (tolerate) => {
    const past = [accepted(), failedForGood('t2'), completed('t1', 1)];
    await given(withStep({ tolerate }), ...past)
      .when(completed('t3', 3))
      .then({
        status: 'running',
        commands: [dispatch('C', { input: { A: [1, null, 3] } })],
        state: { failedJobs: [{ job: 'A#2' }] },
      });
    await given(withStep({ tolerate }), ...past)
      .when(failedForGood('t3'))
      .then({ status: 'failed' });
  });

  it('are as many as a slice has elements where it does not say how many', async () => {
    const input = Array.from({ length: 60 }, (_, index) => index);
    const ofLong = (tolerate: number) =>
      of(input, { parallel: [each({ forEach: 'payload', tolerate })], post: ['C'] });
    const past = [accepted(), completed('t1', input.slice(0, 50))];
    await given(ofLong(10), ...past)
      .when(failedForGood('t2'))
      .then({ status: 'running', state: { stage: { stage: 'post' } } });
    await given(ofLong(9), ...past)
      .when(failedForGood('t2'))
      .then({ status: 'failed' });
  });

  it('keep the elements that have not begun from beginning, once there are too many', async () => {
    const setting = withStep({ concurrency: 1 });
    const order = given(setting, accepted());
    await order.when(failedForGood('t1')).then({ status: 'failed' });
    const retried = given(setting, accepted(), failedForGood('t1'), retryRequested(1));
    expect(typesOf((await retried.told()).last.commands)).toContain('DispatchTask A');
    await given(
      setting,
      ...[accepted(), failedForGood('t1'), retryRequested(1)],
      ...[completed('t1', 1, 2, 2), completed('t2', 2)],
    )
      .when(completed('t3', 3))
      .then({ status: 'running', commands: [dispatch('C', { input: { A: [1, 2, 3] } })] });
  });

  it('wait for the tasks beside them', async () => {
    const setting = of(abc, { parallel: [each({ concurrency: 1 }), 'B'] });
    const order = given(setting, accepted(), failedForGood('t1'));
    expect((await order.told()).state.status).toBe('running');
    await order.when(completed('t2', 2)).then({ status: 'failed' });
  });

  it('never fail the order where the step is optional', async () => {
    const order = given(withStep({ mandatory: false, concurrency: 1 }), accepted());
    const past = [failedForGood('t1'), failedForGood('t2'), failedForGood('t3')];
    const { last } = await given(
      withStep({ mandatory: false, concurrency: 1 }),
      accepted(),
      ...past,
    ).told();
    expect(last.commands).toEqual(
      expect.arrayContaining([expect.objectContaining({ input: { A: [null, null, null] } })]),
    );
    await order.when(failedForGood('t1')).then({ status: 'running' });
  });

  it.each([
    [0, 10, 0],
    [3, 10, 3],
    ['10%', 50, 5],
    ['10%', 9, 0],
    ['34%', 3, 1],
    ['100%', 7, 7],
  ])('tolerating %s of %d tolerates %d', (tolerate, count, most) => {
    expect(tolerated(tolerate, count)).toBe(most);
  });
});

describe('while its plugin is in quarantine', () => {
  const quarantined = closed('A', 'it fails', DEFAULT_RULE, 0);
  const setting = {
    ...withStep({ concurrency: 2 }),
    plugins: [plugin('A', { quarantined }), ...plugins('C')],
  };
  const released = (parkedIn: number, at: number): Happening => ({
    ...{ type: 'TaskReleased', at, plugin: 'A', parkedIn },
  });

  it('a step with forEach parks no more of its tasks than may be under way', async () => {
    const { state } = await given(setting, accepted()).told();
    const statuses = 'stage' in state ? state.stage?.tasks.map(({ status }) => status) : [];
    expect(statuses).toEqual(['parked', 'parked', 'planned']);
  });

  it('they go with their elements when it reopens, and the next follows', async () => {
    const past = [accepted(), { plugins: plugins('A', 'C') }, released(1, seconds(5))];
    const { last } = await given(setting, ...past).told();
    expect(last.commands.filter(({ type }) => type === 'DispatchTask')).toMatchObject([
      { job: 'A', input: 'a', attempt: 1 },
      { job: 'A#2', input: 'b', attempt: 1 },
    ]);
    await given(setting, ...past)
      .when(completed('t2', 2, seconds(6)))
      .then({ status: 'running', commands: [dispatch('A#3', { input: 'c' })] });
  });
});

describe('somebody', () => {
  it('retries one element: it gets its element again, or what the person gives it', async () => {
    const past = [accepted(), [completed('t1', 1), completed('t3', 3)], failedForGood('t2')];
    const order = given(withStep(), ...past);
    const again = dispatch('A#2', { taskId: 't2', attempt: 2 });
    await order
      .when(retryRequested(1))
      .then({ status: 'running', commands: [{}, {}, { ...again, input: 'b' }] });
    await order
      .when(retryRequested(1, { input: 'B' }))
      .then({ status: 'running', commands: [{}, {}, { ...again, input: 'B' }] });
    await given(withStep(), ...past, retryRequested(1))
      .when(completed('t2', 2, 2, 2))
      .then({ status: 'running', commands: [dispatch('C', { input: { A: [1, 2, 3] } })] });
  });

  it('retries a list that there was not, or gives it', async () => {
    const setting = withStep({ forEach: 'nothing' });
    const order = given(setting, accepted());
    await order.when(retryRequested(1)).then({ status: 'failed' });
    await order.when(retryRequested(1, { input: ['x', 'y'] })).then({
      status: 'running',
      commands: [{}, {}, dispatch('A', { input: 'x', taskId: 't1' }), dispatch('A#2')],
    });
    await given(setting, accepted(), retryRequested(1, { input: ['x', 'y'] }))
      .when(completed('t1', 1), completed('t2', 2))
      .then({ status: 'running', commands: [{}, dispatch('C', { input: { A: [1, 2] } })] });
    await order.when(retryRequested(1, { input: [] })).then({ status: 'running' });
  });

  it('skips one element, with a result or without', async () => {
    const past = [accepted(), completed('t1', 1), skipRequested('A#2', 1, { result: 'two' })];
    await given(withStep(), ...past)
      .when(skipRequested('A#3', 2))
      .then({
        status: 'running',
        commands: [{}, dispatch('C', { input: { A: [1, 'two', null] } })],
      });
  });

  it('cancels the order: what completed is undone together, what had not begun never begins', async () => {
    const setting = {
      ...withStep({ concurrency: 2 }),
      plugins: [plugin('A', { compensates: true }), ...plugins('B', 'C')],
    };
    const past = [accepted(), completed('t1', 1), cancelRequested(1)];
    const order = given(setting, ...past, completed('t2', 2, 2));
    const { last } = await order.when(completed('t3', 3, 3)).told();
    expect(last.commands.filter(({ type }) => type === 'DispatchTask')).toMatchObject([
      { job: 'undo A#3', compensates: { job: 'A#3' } },
      { job: 'undo A#2' },
      { job: 'undo A' },
    ]);
  });
});
