import { describe, expect, it } from '@jest/globals';
import { foldMoments } from '../../src/console/order/fold-moments.ts';
import { waterfallOf } from '../../src/console/picture/bars.ts';
import { columnsOfOrder, columnsOfSlice } from '../../src/console/picture/columns.ts';
import { foldRows, isFold } from '../../src/console/picture/fold-rows.ts';
import { countsText, elementsLike } from '../../src/console/picture/lists.ts';
import { at, order, task, workflow } from './orders.ts';

/** The element's task of a step that has one for each element of a list. */
const of = (element: number, fields: object = {}) =>
  task('C', {
    ...{ taskId: `t-${element}`, job: element === 0 ? 'C' : `C#${element + 1}` },
    ...{ stage: 'parallel', element, ...fields },
  });

const list = (count: number, fieldsOf: (element: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, element) => of(element, fieldsOf(element)));

const steps = workflow({ parallel: [{ plugin: 'C', forEach: 'payload' }, 'D'] });

const nodesOf = (fields: object) =>
  columnsOfOrder(order(fields), steps).flatMap(({ nodes }) => nodes);

describe('the picture of a list that is cut into slices', () => {
  const slice = (from: number, count: number, fields: object = {}) =>
    task('C', {
      ...{ taskId: `t${from}`, stage: 'parallel', elements: { from, count } },
      ...fields,
    });

  it('says of each slice which elements it holds, and leads to each', () => {
    const nodes = nodesOf({ tasks: [slice(0, 50), slice(50, 20, { job: 'C#2' })] });
    expect(nodes).toMatchObject([
      { label: 'C', note: 'elements 0 to 49' },
      { label: 'C#2', note: 'elements 50 to 69' },
      { label: 'D' },
    ]);
  });

  it('of many slices is one place for all of them', () => {
    const many = list(0).concat(...Array.from({ length: 20 }, (_, n) => slice(50 * n, 50)));
    expect(nodesOf({ tasks: many })[0]).toMatchObject({ label: 'C × 20' });
  });

  it('has nothing but its elements in the order that does one', () => {
    const parent = { orderId: 'o', taskId: 't1', from: 50 };
    const [column, ...others] = columnsOfSlice(order({ parent, tasks: list(50) }));
    expect(column?.nodes).toMatchObject([{ label: 'C × 50' }]);
    expect(others).toEqual([]);
  });
});

describe('the picture of a long list', () => {
  it('has one place for all of it, which counts how many stand how', () => {
    const [node, other] = nodesOf({
      tasks: list(50, (element) => (element === 13 ? { status: 'failed' } : {})),
    });
    expect(node).toMatchObject({ label: 'C × 50', status: 'completed' });
    expect(node?.list && countsText(node.list)).toBe('1 failed, 49 completed');
    expect(other).toMatchObject({ label: 'D' });
  });

  it('leads to the element that a person would ask for first', () => {
    const [failed] = nodesOf({
      tasks: list(20, (element) => (element === 13 ? { status: 'failed' } : {})),
    });
    expect(failed?.job).toBe('C#14');
    const [open] = nodesOf({
      tasks: list(20, (element) => (element === 6 ? { status: 'backingOff' } : {})),
    });
    expect(open).toMatchObject({ job: 'C#7', status: 'backingOff' });
  });

  it('is open while one of its tasks is, and failed where it has failed the order', () => {
    const statuses = (element: number) => ({ status: element === 3 ? 'failed' : 'completed' });
    const error = { code: 'E', message: 'no', task: 'C#4', plugin: 'C', attempt: 1 };
    const [failed] = nodesOf({ status: 'failed', error, tasks: list(20, statuses) });
    expect(failed?.status).toBe('failed');
    const [open] = nodesOf({
      tasks: list(20, (element) => (element === 9 ? { status: 'inFlight' } : statuses(element))),
    });
    expect(open?.status).toBe('inFlight');
  });
});

it('the elements of a list are in its order, without the tasks of others', () => {
  const tasks = [of(2), task('C', { taskId: 't-x' }), of(0), of(1, { stage: 'post' })];
  expect(elementsLike(of(0), tasks).map(({ job }) => job)).toEqual(['C', 'C#3']);
  expect(elementsLike(task('C'), tasks)).toEqual([]);
});

describe('the waterfall of a long list', () => {
  const attempts = (element: number) => ({
    attempts: [
      {
        ...{ attempt: 1, dispatchedAt: at(element), startedAt: at(element) },
        endedAt: at(element + 1),
      },
    ],
  });
  const rowsOf = (count: number) =>
    waterfallOf(order({ status: 'completed', endedAt: at(20), tasks: list(count, attempts) }), 0)
      .rows;
  const drawn = (...args: Parameters<typeof foldRows>) =>
    foldRows(...args).map((line) => (isFold(line) ? `${line.rows.length} of a list` : line.job));

  it('is one line from its first task to its last', () => {
    const [line] = foldRows(rowsOf(10), undefined, undefined);
    expect(line).toMatchObject({ plugin: 'C', left: 0 });
    expect(line && isFold(line) ? line.width : 0).toBeCloseTo(0.5);
    expect(drawn(rowsOf(10), undefined, undefined)).toEqual(['10 of a list']);
  });

  it('shows the chosen task below it, and all of them once it is opened', () => {
    expect(drawn(rowsOf(10), undefined, 'C#3')).toEqual(['10 of a list', 'C#3']);
    expect(drawn(rowsOf(10), 'first/parallel/C', undefined)).toHaveLength(11);
  });

  it('is no line of its own where the list is short', () => {
    expect(drawn(rowsOf(3), undefined, undefined)).toEqual(['C', 'C#2', 'C#3']);
  });
});

describe('the timeline', () => {
  const moment = (event: string, fields: object = {}) => ({
    at: at(1),
    entry: 1,
    event,
    ...fields,
  });
  const completed = (job: string) => moment('TaskCompleted', { task: job, attempt: 1 });
  const drawn = (timeline: ReturnType<typeof moment>[]) =>
    foldMoments(order({ timeline })).map(({ text, moments }) => `${moments.length}: ${text}`);

  it('tells in one line of many tasks of a plugin that completed one after another', () => {
    expect(drawn(['C', 'C#2', 'C#3', 'C#4', 'D'].map(completed))).toEqual([
      '4: 4 tasks completed: C … C#4',
      '1: D completed',
    ]);
  });

  it('tells in one line of many that were called off', () => {
    const calledOff = (job: string) => moment('TaskCalledOff', { task: job, reason: 'enough' });
    expect(drawn(['C', 'C#2', 'C#3', 'C#4', 'D'].map(calledOff))).toEqual([
      '4: 4 tasks called off: C … C#4',
      '1: D was called off',
    ]);
  });

  it('gives whatever failed a line of its own', () => {
    const failed = moment('TaskFailed', { task: 'C#3', error: { code: 'E', message: 'no' } });
    expect(drawn([...['C', 'C#2'].map(completed), failed, completed('C#4')])).toEqual([
      '1: C completed',
      '1: C#2 completed',
      '1: C#3 failed: no',
      '1: C#4 completed',
    ]);
  });

  it('counts signs of life', () => {
    const beats = Array.from({ length: 12 }, () => moment('TaskHeartbeat', { task: 'A' }));
    expect(drawn(beats)).toEqual(['12: A is still at work, 12 times']);
  });
});
