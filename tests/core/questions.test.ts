import { describe, expect, it } from '@jest/globals';
import { decide } from '../../src/core/decide.ts';
import type { Answer, Question } from '../../src/core/deciding.ts';
import type { OrderEvent } from '../../src/core/event.ts';
import { historyOf } from '../../src/core/task-records.ts';
import type { Happening, Setting } from './order-specification.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  completed,
  deadlinePassed,
  failedForGood,
  failedUntil,
  heartbeat,
  plugin,
  plugins,
  retryRequested,
  seconds,
  skipRequested,
  timerPassed,
  workflow,
} from './vocabulary.ts';

const setting = { workflow: workflow({ pre: ['A', 'B'] }), plugins: plugins('A', 'B') };
const both = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: plugins('A', 'B') };

const LONG = '[1..1200]';
const LIST = Array.from({ length: 1200 }, (_, index) => index + 1);

/** What a decision asks on its way: each question costs its driver a read, or a call. */
async function asked(
  { workflow: definition, plugins: registered = [] }: Setting,
  past: readonly Happening[],
  ...events: readonly OrderEvent[]
): Promise<readonly Question[]> {
  const { journal, state } = await given(
    { workflow: definition, plugins: registered },
    ...past,
  ).told();
  const context = {
    workflow: definition,
    plugins: new Map(registered.map((one) => [one.name, one])),
  };
  const answerTo = (question: Question): Answer => {
    switch (question.type) {
      case 'RecallHistory':
        return historyOf(journal);
      case 'RecallEntries':
      case 'RecallTasks':
        return [];
      case 'RecallWorkflow':
        return definition;
      case 'AskBacklogs':
        return new Map();
      case 'AskTurns':
        return new Set();
      case 'AskStanding':
        return true;
      case 'EvaluateExpressions':
        return question.expressions.map((one) => ({ value: one === LONG ? LIST : true }));
    }
  };
  const questions: Question[] = [];
  const deciding = decide(state, events, context);
  for (
    let step = deciding.next([]);
    !step.done;
    step = deciding.next(answerTo(questions.at(-1)!))
  ) {
    questions.push(step.value);
  }
  return questions;
}

it('the inputs of a long list are asked for in parts, so that nobody waits long for others', async () => {
  const each = { plugin: 'A', forEach: LONG, input: '$element' };
  const long = { ...both, workflow: workflow({ parallel: [each] }) };
  const questions = await asked(long, [], accepted());
  const counts = questions.map((one) => 'expressions' in one && one.expressions.length);
  expect(counts).toEqual([1, 500, 500, 200]);
});

describe('a decision asks nothing', () => {
  it('where no step has an expression, nothing is late and nothing comes again', async () => {
    expect(await asked(setting, [], accepted())).toEqual([]);
    expect(await asked(setting, [accepted()], completed('t1', 1))).toEqual([]);
  });

  it('of a result that stands twice in its batch', async () => {
    expect(await asked(setting, [accepted()], completed('t1', 1), completed('t1', 1))).toEqual([]);
  });

  it('of a deadline that bears no instant, and so was never armed', async () => {
    expect(await asked(setting, [accepted()], { type: 'DeadlinePassed', at: 1 })).toEqual([]);
  });

  it('of earlier results when those of the parallel stage came all together', async () => {
    const results = [completed('t1', 1), completed('t2', 2)];
    expect(await asked(both, [accepted()], ...results)).toEqual([]);
    expect(await asked(both, [accepted(), completed('t1', 1)], completed('t2', 2))).toEqual([
      { type: 'RecallHistory' },
    ]);
  });

  it('of earlier results for tasks that have given none', async () => {
    const optional = { plugin: 'A', mandatory: false };
    const side = { ...both, workflow: workflow({ parallel: [optional, 'B'] }) };
    expect(await asked(side, [accepted(), failedForGood('t1')], completed('t2', 2))).toEqual([]);
    const never = { plugin: 'A', when: 'false' };
    const skipping = { ...both, workflow: workflow({ parallel: [never, 'B'] }) };
    expect(await asked(skipping, [accepted()], completed('t1', 1))).toEqual([]);
    const each = { plugin: 'A', forEach: '[1..60]' };
    const long = { ...both, workflow: workflow({ parallel: [each, 'B'] }) };
    const past = [accepted(), skipRequested('A', 1), skipRequested('A#2', 2)];
    expect(await asked(long, past, completed('t3', 3))).toEqual([]);
  });

  it('of the queue of an attempt that has begun, that has time left, or that is to be given up', async () => {
    const hour = deadlinePassed(seconds(3600));
    const beating = { ...setting, plugins: [plugin('A', { heartbeatSeconds: 9 })] };
    const begun = [accepted(), heartbeat('t1', seconds(3599))];
    expect(await asked(beating, begun, timerPassed(seconds(3600)))).toEqual([hour].map(repeat));
    expect(await asked(setting, [accepted()], deadlinePassed(seconds(3599)))).toEqual(
      [deadlinePassed(seconds(3599))].map(repeat),
    );
    const short = { ...setting, plugins: [plugin('A', { totalSeconds: 3600 })] };
    expect(await asked(short, [accepted()], hour)).toEqual([repeat(hour)]);
  });

  it('of a queue, where a child order is late or an event has not come', async () => {
    const parallel = [
      { workflow: 'A' },
      { waitFor: { event: 'B' }, timeoutSeconds: 3600, mandatory: false },
    ];
    const nobodys = { ...both, workflow: workflow({ parallel }) };
    const hour = deadlinePassed(seconds(3600));
    expect(await asked(nobodys, [accepted()], hour)).toEqual([repeat(hour)]);
  });

  it('of the workflow, of a retry that stays with the version that the order has', async () => {
    const past = [accepted(), failedForGood('t1')];
    const [own, other] = [1, 2].map((version) => retryRequested(1, { version }));
    expect(await asked(setting, past, own!)).toEqual([repeat(own!)]);
    expect(await asked(setting, past, other!)).toEqual([
      repeat(other!),
      { type: 'RecallWorkflow', version: 2 },
    ]);
  });

  it('of the expressions of a task that is sent again', async () => {
    const input = { plugin: 'A', input: '1', when: 'true' };
    const expressive = { ...setting, workflow: workflow({ pre: [input] }) };
    const passed = timerPassed(seconds(9));
    expect(await asked(expressive, [accepted(), failedUntil('t1', 9)], passed)).toEqual([
      repeat(passed),
    ]);
  });
});

describe('a decision asks once', () => {
  it('for the queues of all attempts that are late, each plugin once', async () => {
    const twice = { workflow: workflow({ parallel: ['A', 'A', 'B'] }), plugins: plugins('A', 'B') };
    const hour = deadlinePassed(seconds(3600));
    expect(await asked(twice, [accepted()], hour)).toEqual([
      { type: 'AskBacklogs', plugins: ['A', 'B'] },
      repeat(hour),
    ]);
  });

  it('for the values of all expressions of the tasks that begin', async () => {
    const parallel = [
      { plugin: 'A', when: 'a', input: 'b' },
      'A',
      { plugin: 'B', input: { c: 'd' } },
    ];
    const expressive = { ...both, workflow: workflow({ parallel }) };
    expect(await asked(expressive, [], accepted())).toEqual([
      {
        type: 'EvaluateExpressions',
        payload: 5,
        expressions: ['a', 'b', { c: 'd' }],
        applied: [accepted()],
      },
    ]);
  });

  it('which know of no job beside them in a parallel stage, and of all before them in a row', async () => {
    const step = { plugin: 'B', input: 'c' };
    const beside = { ...both, workflow: workflow({ parallel: ['A', step] }) };
    const past = [accepted(), completed('t1', 1), failedForGood('t2')];
    const question = { type: 'EvaluateExpressions', expressions: ['c'], applied: [{}] };
    const [, again] = await asked(beside, past, retryRequested(seconds(10)));
    expect(again).toMatchObject({ ...question, payload: 5, beside: ['A'] });
    const inARow = { ...both, workflow: workflow({ pre: ['A', step] }) };
    const [asksInARow] = await asked(inARow, [accepted()], completed('t1', 1));
    expect(asksInARow).toMatchObject({ ...question, payload: 1 });
    expect(asksInARow).not.toHaveProperty('beside');
  });
});

/** A deadline that has come may have come before. */
function repeat(event: OrderEvent): Question {
  return { type: 'RecallEntries', events: [event] };
}
