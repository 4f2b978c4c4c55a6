import { describe, expect, it } from '@jest/globals';
import { verdictOf, waterfallOf } from '../../src/console/picture/bars.ts';
import { columnsOfOrder, columnsOfWorkflow } from '../../src/console/picture/columns.ts';
import { firstOfWorkflow } from '../../src/console/placing/first-plugins.ts';
import { wayText } from '../../src/console/workflows/activities.ts';
import { definitionText } from '../../src/console/workflows/definition-text.ts';
import { at, order, task, workflow } from './orders.ts';

/** The picture as text: `A completed | B inFlight, C planned`. */
const drawn = (columns: ReturnType<typeof columnsOfOrder>) =>
  columns
    .map(({ nodes }) => nodes.map(({ label, status }) => `${label} ${status ?? ''}`.trim()))
    .map((nodes) => nodes.join(', '))
    .join(' | ');

describe('the picture of an order', () => {
  it('has a column for each plugin of pre and post, and one for all of parallel', () => {
    const steps = workflow({ pre: ['A', 'B'], parallel: ['C', 'D'], post: ['E'] });
    expect(drawn(columnsOfOrder(order(), steps))).toBe(
      'A planned | B planned | C planned, D planned | E planned',
    );
  });

  it('puts each task in the place of its step, whatever order they come in', () => {
    const tasks = [task('D', { stage: 'parallel' }), task('C', { stage: 'parallel' })];
    const steps = workflow({ pre: ['A'], parallel: ['C', 'D'] });
    expect(drawn(columnsOfOrder(order({ tasks: [task('A'), ...tasks] }), steps))).toBe(
      'A completed | C completed, D completed',
    );
  });

  it('gives everyone who came to the step "*", and those who are named to their own', () => {
    const tasks = ['X', 'C', 'Y'].map((name) => task(name, { stage: 'parallel' }));
    expect(drawn(columnsOfOrder(order({ tasks }), workflow({ parallel: ['*', 'C'] })))).toBe(
      'X completed, Y completed, C completed',
    );
  });

  it('tells two tasks of one plugin apart', () => {
    const tasks = [task('A', { taskId: 't-1' }), task('A', { taskId: 't-2', job: 'A#2' })];
    expect(drawn(columnsOfOrder(order({ tasks }), workflow({ pre: ['A', 'A'] })))).toBe(
      'A completed | A#2 completed',
    );
  });

  it('gives the tasks of a list to its step, those that have begun', () => {
    const of = (element: number) =>
      task('C', { taskId: `t-${element}`, job: `C#${element + 1}`, stage: 'parallel', element });
    const steps = workflow({ parallel: [{ plugin: 'C', forEach: 'payload' }, 'D'] });
    const tasks = [of(0), of(1), task('D', { stage: 'parallel' })];
    expect(drawn(columnsOfOrder(order({ tasks }), steps))).toBe(
      'C#1 completed, C#2 completed, D completed',
    );
    const list = task('C', { stage: 'parallel', status: 'failed' });
    expect(drawn(columnsOfOrder(order({ tasks: [list] }), steps))).toBe('C failed, D planned');
    const [column] = columnsOfWorkflow(steps);
    expect(column?.nodes[0]?.note).toBe('for each of payload');
  });

  it('tells an event that the order waits for from the waits that are to come', () => {
    const paid = { waitFor: { event: 'paid', key: 'attributes.invoice' } };
    const steps = workflow({ pre: [paid, { wait: 60 }, { waitFor: 'signed' }] });
    expect(columnsOfWorkflow(steps).flatMap(({ nodes }) => nodes)).toMatchObject([
      { label: 'paid', note: 'an event from outside' },
      { label: 'wait 1 min' },
      { label: 'signed', note: 'an event from outside' },
    ]);
    const awaiting = task('paid', { status: 'awaiting', awaited: { event: 'paid', key: 'R-17' } });
    const waiting = order({ status: 'waiting', tasks: [awaiting] });
    expect(drawn(columnsOfOrder(waiting, steps))).toBe(
      'paid awaiting | wait 1 min | signed planned',
    );
  });

  it('shows the steps of all branches, and when each is taken', () => {
    const choose = [{ when: 'payload > 1', steps: ['A', { wait: 300 }] }, { otherwise: ['B'] }];
    const steps = workflow({ pre: [{ choose }, 'C'] });
    expect(columnsOfWorkflow(steps).flatMap(({ nodes }) => nodes)).toMatchObject([
      { label: 'A', note: 'if payload > 1' },
      { label: 'wait 5 min', note: 'if payload > 1' },
      { label: 'B', note: 'otherwise' },
      { label: 'C' },
    ]);
    const skipped = {
      plugin: 'B',
      activity: 'first',
      stage: 'pre',
      status: 'skipped',
      reason: 'so',
    };
    const tasks = [task('A'), skipped as ReturnType<typeof task>];
    expect(drawn(columnsOfOrder(order({ tasks }), steps))).toMatch(
      /^A completed .* B skipped \| C planned$/,
    );
  });

  it('draws the activities of all branches, when each is taken, and which were not', () => {
    const { activities: _, ...steps } = workflow({ pre: ['A'] });
    const go = (name: string, pre: readonly string[]) => ({
      ...{ name, pre: [...pre], parallel: [], post: [] },
    });
    const choose = [
      { when: 'payload > 1', activities: [go('large', ['L', 'M'])] },
      { otherwise: [go('small', ['*']), go('smaller', ['S'])] },
    ];
    const chosen = { ...steps, activities: [go('first', ['A']), { choose }, go('last', ['Z'])] };
    expect(columnsOfWorkflow(chosen).map(({ nodes }) => nodes[0])).toMatchObject([
      { label: 'A' },
      { label: 'L', note: 'if payload > 1' },
      { label: 'M', note: 'if payload > 1' },
      { label: 'everyone' },
      { label: 'S', note: 'otherwise' },
      { label: 'Z' },
    ]);
    const out = (plugin: string, activity: string) =>
      ({ plugin, activity, stage: 'pre', status: 'skipped', reason: 'so' }) as never;
    const tasks = [
      task('A', { activity: 'first' }),
      task('L', { activity: 'large', status: 'inFlight' }),
      ...[out('X', 'small'), out('S', 'smaller')],
    ];
    expect(drawn(columnsOfOrder(order({ tasks }), chosen))).toBe(
      'A completed | L inFlight | M planned | X skipped | S skipped | Z planned',
    );
    const failed = task('choose', { activity: 'large', stage: 'choose', status: 'failed' });
    const at = [task('A', { activity: 'first' }), failed];
    expect(drawn(columnsOfOrder(order({ status: 'failed', tasks: at }), chosen))).toMatch(
      /^A completed \| choose failed \| L notReached/,
    );
    expect(definitionText({ ...chosen, on: [] })).toContain('"name": "smaller",');
    expect(wayText(chosen.activities)).toBe('first → (large or small → smaller) → last');
    expect(firstOfWorkflow({ activities: chosen.activities.slice(1) })).toEqual(['L']);
  });

  it('draws the rounds of an activity one after another, and until when there are more', () => {
    const { activities, ...steps } = workflow({ pre: ['A', 'B'], post: ['C'] });
    const repeat = { until: 'payload.ok', max: 5 };
    const repeated = { ...steps, activities: activities.map((one) => ({ ...one, repeat })) };
    const tasks = [
      ...[task('A'), task('B'), task('C', { stage: 'post' })],
      task('A', { taskId: 't-4', job: 'A#2', round: 2 }),
    ];
    const columns = columnsOfOrder(order({ tasks }), repeated);
    expect(drawn(columns)).toBe(
      'A completed | B completed | C completed | A#2 completed | B planned | C planned | repeat',
    );
    expect(new Set(columns.map(({ id }) => id)).size).toBe(7);
    const [last] = columnsOfWorkflow(repeated).at(-1)?.nodes ?? [];
    expect(last).toMatchObject({ label: 'repeat', note: 'until payload.ok, 5 rounds at most' });
    const failed = task('repeat', { stage: 'post', status: 'failed', round: 2 });
    const all = [...tasks, failed];
    expect(drawn(columnsOfOrder(order({ status: 'failed', tasks: all }), repeated))).toMatch(
      /notReached \| repeat failed$/,
    );
  });

  it('says how many tasks are enough, and which were called off', () => {
    const steps = workflow({ parallel: ['A', 'B'] });
    const counting = {
      ...steps,
      activities: steps.activities.map((one) => ({ ...one, enough: 1 })),
    };
    const reason = 'one completed task of its stage was enough';
    const tasks = [
      task('A', { stage: 'parallel' }),
      task('B', { stage: 'parallel', status: 'calledOff', reason }),
    ];
    const columns = columnsOfOrder(order({ tasks }), counting);
    expect(drawn(columns)).toBe('A completed, B calledOff, enough');
    expect(columns[0]?.nodes[1]).toMatchObject({ job: 'B', note: reason });
    expect(columnsOfWorkflow(counting)[0]?.nodes.at(-1)).toMatchObject({
      ...{ label: 'enough', note: 'one completed task is enough, the others are called off' },
    });
  });

  it('says of an order that has ended that what did not begin was not reached', () => {
    const failed = order({ status: 'failed', tasks: [task('A', { status: 'failed' })] });
    expect(drawn(columnsOfOrder(failed, workflow({ pre: ['A'] }, { pre: ['B'] })))).toBe(
      'A failed | B notReached',
    );
  });

  it('leaves out a step of a past stage that came to nothing', () => {
    const tasks = [task('B', { activity: 'second' })];
    const steps = workflow({ pre: ['A'], parallel: ['*'] }, { pre: ['B'] });
    expect(drawn(columnsOfOrder(order({ tasks }), steps))).toBe('B completed');
  });

  it('shows who was left out, and why', () => {
    const reason = 'its filter asks for kind = photo';
    const leftOut = {
      ...{ plugin: 'X', activity: 'first', stage: 'parallel' as const },
      ...{ status: 'notInvited' as const, reason },
    };
    const [column] = columnsOfOrder(order({ tasks: [leftOut] }), workflow({ parallel: ['*'] }));
    expect(column?.nodes).toMatchObject([{ label: 'X', status: 'notInvited', note: reason }]);
  });

  it('stands without its workflow, which may have expired: what was done, by activity', () => {
    const tasks = [task('A'), task('B', { activity: 'second', stage: 'parallel' })];
    expect(drawn(columnsOfOrder(order({ tasks }), undefined))).toBe('A completed | B completed');
  });

  it('shows what an activity caught, and goes on with the next one', () => {
    const tasks = [task('A', { status: 'failed' }), task('sorry', { stage: 'onFailure' })];
    const steps = workflow({ pre: ['A'] }, { pre: ['B'] });
    expect(drawn(columnsOfOrder(order({ tasks }), steps))).toBe(
      'A failed | sorry completed | B planned',
    );
  });

  it('marks the wait in which the order is, and those that are over', () => {
    const steps = workflow({ pre: [{ wait: 60 }, 'A', { wait: 300 }, 'B', { wait: 5 }] });
    const waiting = order({ status: 'waiting', tasks: [task('A')] });
    expect(drawn(columnsOfOrder(waiting, steps))).toBe(
      'wait 1 min waited | A completed | wait 5 min waiting | B planned | wait 5 s',
    );
    expect(drawn(columnsOfOrder(order({ status: 'waiting' }), steps))).toContain(
      'wait 1 min waiting',
    );
  });

  it('counts the attempts of a task', () => {
    const attempts = [1, 2, 3].map((attempt) => ({ attempt, dispatchedAt: at(attempt) }));
    const [column] = columnsOfOrder(order({ tasks: [task('A', { attempts })] }), undefined);
    expect(column?.nodes).toMatchObject([{ job: 'A', attempts: 3 }]);
  });
});

it('the picture of a workflow has no status, and shows waits, conditions and who may be left out', () => {
  const steps = workflow({
    pre: [{ wait: 90 }, { plugin: 'A', when: 'input > 3', mandatory: false }],
    parallel: ['*'],
  });
  const columns = columnsOfWorkflow(steps);
  expect(drawn(columns)).toBe('wait 1 min 30 s | A | everyone');
  expect(columns[1]?.nodes[0]?.note).toBe('when input > 3, optional');
});

describe('the waterfall', () => {
  const spent = (...args: Parameters<typeof waterfallOf>) =>
    waterfallOf(...args).rows.map(({ bars }) =>
      bars.map((bar) => `${bar.spent} ${bar.left.toFixed(2)}+${bar.width.toFixed(2)}`).join(', '),
    );

  it('tells time in the queue from time at work', () => {
    const attempts = [{ attempt: 1, dispatchedAt: at(0), startedAt: at(4), endedAt: at(10) }];
    const done = order({ status: 'completed', endedAt: at(10), tasks: [task('A', { attempts })] });
    expect(spent(done, 0)).toEqual(['queue 0.00+0.40, work 0.40+0.60']);
    expect(waterfallOf(done, 0).rows[0]).toMatchObject({ queueMs: 4000, workMs: 6000 });
  });

  it('shows a failed attempt, the pause behind it, and the next one', () => {
    const error = { code: 'E', message: 'no' };
    const attempts = [
      { attempt: 1, dispatchedAt: at(0), startedAt: at(0), endedAt: at(2), error },
      { attempt: 2, dispatchedAt: at(6), startedAt: at(7), endedAt: at(10) },
    ];
    const done = order({ status: 'completed', endedAt: at(10), tasks: [task('A', { attempts })] });
    expect(spent(done, 0)).toEqual([
      'queue 0.00+0.00, failed 0.00+0.20, pause 0.20+0.40, queue 0.60+0.10, work 0.70+0.30',
    ]);
  });

  it('lets what is open grow with the clock', () => {
    const attempts = [{ attempt: 1, dispatchedAt: at(1) }];
    const open = order({ tasks: [task('A', { status: 'inFlight', attempts })] });
    expect(spent(open, Date.parse(at(2)))).toEqual(['unknown 0.50+0.50']);
    expect(spent(open, Date.parse(at(4)))).toEqual(['unknown 0.25+0.75']);
  });

  it('lets the pause before the next attempt grow with the clock', () => {
    const attempts = [
      {
        ...{ attempt: 1, dispatchedAt: at(0), startedAt: at(0), endedAt: at(1) },
        error: { code: 'E', message: 'no' },
      },
    ];
    const open = order({ tasks: [task('A', { status: 'backingOff', attempts })] });
    expect(spent(open, Date.parse(at(2)))).toEqual([
      'queue 0.00+0.00, failed 0.00+0.50, pause 0.50+0.50',
    ]);
  });

  it('tells work from waiting for a callback', () => {
    const attempts = [
      { attempt: 1, dispatchedAt: at(0), startedAt: at(1), deferredAt: at(2), endedAt: at(10) },
    ];
    const done = order({ status: 'completed', endedAt: at(10), tasks: [task('A', { attempts })] });
    expect(spent(done, 0)).toEqual(['queue 0.00+0.10, work 0.10+0.10, answer 0.20+0.80']);
    expect(verdictOf(waterfallOf(done, 0))).toContain('whoever answers sets the pace');
  });

  it('tells the wait for an event from time in a queue', () => {
    const attempts = [{ attempt: 1, dispatchedAt: at(0) }];
    const awaited = { status: 'awaiting', awaited: { event: 'paid' }, attempts };
    const open = order({ status: 'waiting', tasks: [task('paid', awaited)] });
    expect(spent(open, Date.parse(at(4)))).toEqual(['answer 0.00+1.00']);
  });

  it("stays within its bounds when a plugin's clock is wrong", () => {
    const attempts = [{ attempt: 1, dispatchedAt: at(5), startedAt: at(1), endedAt: at(4) }];
    const done = order({ status: 'completed', endedAt: at(10), tasks: [task('A', { attempts })] });
    for (const { bars } of waterfallOf(done, 0).rows) {
      for (const { left, width } of bars) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(width).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(1);
      }
    }
  });

  it('makes room for what comes after the end of the order', () => {
    const attempts = [{ attempt: 1, dispatchedAt: at(0), startedAt: at(0), endedAt: at(20) }];
    const cancelled = order({
      status: 'cancelled',
      endedAt: at(5),
      tasks: [task('A', { attempts })],
    });
    expect(waterfallOf(cancelled, 0).totalMs).toBe(20_000);
  });

  it.each([
    [8, 10, 'more instances would help'],
    [1, 10, 'the plugins set the pace'],
    [4, 10, undefined],
  ])('of %i s in the queue and %i s in all concludes: %s', (started, ended, verdict) => {
    const attempts = [
      { attempt: 1, dispatchedAt: at(0), startedAt: at(started), endedAt: at(ended) },
    ];
    const done = order({
      status: 'completed',
      endedAt: at(ended),
      tasks: [task('A', { attempts })],
    });
    const said = verdictOf(waterfallOf(done, 0));
    if (verdict === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(verdict);
  });

  // Was: "100 % of the time was spent in queues" under an order that had been paused for an hour.
  // Now: nothing is concluded from queue and work unless they are most of the time.
  it('concludes nothing from the little that queue and work were of the time', () => {
    const of = (total: number) => {
      const attempts = [{ attempt: 1, dispatchedAt: at(0), startedAt: at(9), endedAt: at(10) }];
      const paused = order({ status: 'paused', tasks: [task('A', { attempts })] });
      return verdictOf(waterfallOf(paused, Date.parse(at(total))));
    };
    expect(of(20)).toContain('more instances would help');
    expect(of(21)).toBeUndefined();
  });

  it("takes the time until an event that did not come for nobody's work", () => {
    const error = { code: 'EVENT_TIMEOUT', message: 'paid did not come' };
    const attempts = [{ attempt: 1, dispatchedAt: at(0), endedAt: at(4), error }];
    const awaited = { status: 'failed', awaited: { event: 'paid' }, attempts };
    const failed = order({ status: 'failed', endedAt: at(4), tasks: [task('paid', awaited)] });
    expect(spent(failed, 0)).toEqual(['answer 0.00+1.00']);
  });
});
