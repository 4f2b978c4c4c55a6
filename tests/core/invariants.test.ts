import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { RunningOrder } from '../../src/core/order.ts';
import { historyOf } from '../../src/core/task-records.ts';
import { dueAt } from '../../src/core/wake-up.ts';
import type { Told } from './order-specification.ts';
import { decision, given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  deadLettered,
  deadlinePassed,
  dispatch,
  failed,
  failedForGood,
  failedUntil,
  heartbeat,
  joins,
  pauseRequested,
  plugin,
  plugins,
  resumeRequested,
  retriedAtOnce,
  seconds,
  timerPassed,
  workflow,
} from './vocabulary.ts';

const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

it('every invariant at the head of decide.ts is the title of a test here', () => {
  const [head = ''] = textOf('../../src/core/decide.ts').split('*/');
  const invariants = [...head.matchAll(/^ \* (\d+\. .+)$/gm)].map(([, text]) => text);
  const titles = [...textOf('./invariants.test.ts').matchAll(/it\(["'](\d+\. .+)["'],/g)];
  expect(invariants).toHaveLength(10);
  expect(titles.map(([, title]) => title)).toEqual(invariants);
});

it('docs/architecture.md has the same ones, in the same words', () => {
  const listIn = (text: string) =>
    [...text.matchAll(/^(?: \* )?(\d+\. .+)$/gm)].map(([, one]) => one);
  const [, promises = ''] = textOf('../../docs/architecture.md').split('## What always holds');
  expect(listIn(promises)).toEqual(listIn(textOf('../../src/core/decide.ts')));
});

const optional = (name: string) => ({ plugin: name, mandatory: false });

describe('invariant 1', () => {
  const setting = {
    workflow: workflow({ pre: ['A', 'B'], parallel: ['A', 'B'] }),
    plugins: plugins('A', 'B'),
  };

  it("1. A task's result is applied at most once, whatever is delivered twice.", async () => {
    const events = [
      accepted(),
      completed('t1', 1),
      completed('t2', 2),
      completed('t3', 3),
      completed('t4', 4),
    ];
    const once = await given(setting, ...events).told();
    const another = (id: number) => completed(`t${id}`, 'another');
    const twice = await given(
      setting,
      ...events.flatMap((event, index) => [
        event,
        event,
        ...[...Array(index).keys()].map((n) => another(n + 1)),
      ]),
    ).told();
    expect(twice.journal).toEqual(once.journal);
    expect(twice.state).toMatchObject({ status: 'completed', result: { A: 3, B: 4 } });
  });

  it('whichever attempt brings it', async () => {
    const eager = { ...setting, plugins: [plugin('A', retriedAtOnce(3)), plugin('B')] };
    const past = [accepted(), failed('t1'), completed('t1', 'late', 0, 1)];
    const order = given(eager, ...past);
    await order.when(completed('t1', 'second', 0, 2)).thenNothingHappens('the task is not open');
    expect(historyOf((await order.told()).journal).jobs).toEqual({
      A: { input: 5, result: 'late' },
    });
  });
});

describe('invariant 2', () => {
  it('2. A stage ends only when every mandatory task in it has ended; optional failures never fail an order.', async () => {
    const definition = workflow({ parallel: ['A', optional('B'), 'C'], post: [optional('D')] });
    const setting = { workflow: definition, plugins: plugins('A', 'B', 'C', 'D') };
    const past = [accepted(), failedForGood('t2'), completed('t3', 3)];
    await given(setting, accepted()).when(failedForGood('t2')).then({ status: 'running' });
    await given(setting, accepted(), failedForGood('t2'))
      .when(completed('t3', 3))
      .then({ status: 'running', state: { stage: { stage: 'parallel' } } });
    await given(setting, ...past)
      .when(completed('t1', 1))
      .then({ status: 'running', state: { stage: { stage: 'post' } } });
    await given(setting, ...past, completed('t1', 1))
      .when(failedForGood('t4'))
      .then({ status: 'completed', state: { result: { A: 1, C: 3 } } });
  });
});

describe('invariant 3', () => {
  it('3. The set of tasks of a stage is fixed when the order enters it, and recorded.', async () => {
    const setting = {
      workflow: workflow({ parallel: '*' }),
      plugins: [plugin('A', joins()), plugin('B', joins())],
    };
    const others = { plugins: [plugin('A', joins({ mandatory: false })), plugin('C', joins())] };
    const order = given(setting, accepted(), others);
    const { state } = await order.told();
    expect((state as RunningOrder).stage.tasks).toMatchObject([
      { plugin: 'A', mandatory: true, status: 'inFlight' },
      { plugin: 'B', mandatory: true, status: 'inFlight' },
    ]);
    await given(setting, accepted(), others, completed('t1', 1))
      .when(completed('t2', 2))
      .then({ status: 'completed', state: { result: { A: 1, B: 2 } } });
  });
});

describe('invariant 4', () => {
  const definition = workflow({
    pre: ['A', { waitSeconds: 500 }, 'B'],
    parallel: ['A', { waitSeconds: 5 }],
  });
  const setting = {
    workflow: definition,
    plugins: [plugin('A', { timeoutSeconds: 20, ...retriedAtOnce(2) }), plugin('B')],
  };
  const happenings = [
    accepted(),
    timerPassed(seconds(20)),
    completed('t1', 1, seconds(30)),
    deadlinePassed(seconds(40)),
    deadlinePassed(seconds(530)),
    failed('t2', { at: seconds(531) }),
    deadlinePassed(seconds(600)),
    completed('t2', 2, seconds(601), 2),
    timerPassed(seconds(606)),
  ];

  it('4. Every state that waits has a deadline, and the deadline survives crashes.', async () => {
    const { journal } = await given(setting, ...happenings).told();
    expect(journal).toHaveLength(1 + happenings.length);
    for (const { state, at } of journal) {
      expect(state).toHaveProperty('wakeUp.at');
      const { wakeUp, stage } = state as RunningOrder;
      const due = stage?.tasks.map(dueAt).filter((one) => one !== undefined) ?? [];
      expect(wakeUp.at).toBeGreaterThan(at);
      expect(wakeUp.at).toBeLessThanOrEqual(Math.min(...due, Number.MAX_VALUE));
    }
  });

  // Was: `timeoutSeconds: 1.1` made an instant of 1100.0000000000002 ms, and the list of active orders sorted it wrongly.
  // Now: instants are whole milliseconds.
  it('its instants are whole milliseconds, whatever fractions of a second they are made of', async () => {
    const fractions = workflow({ pre: ['A', { waitSeconds: 0.3333 }], parallel: ['B'] });
    const plugins = [
      plugin('A', { timeoutSeconds: 1.1, totalSeconds: 77.7777, heartbeatSeconds: 0.7777 }),
      plugin('B', { retry: { maxAttempts: 9, backoffSeconds: 0.1, maxBackoffSeconds: 0.1 } }),
    ];
    const order = given(
      { workflow: fractions, plugins },
      ...[accepted(), heartbeat('t1', seconds(0.5))],
      failedUntil('t1', 0.12345, seconds(1)),
      ...[timerPassed(seconds(2)), completed('t1', 1, seconds(3), 2), timerPassed(seconds(4))],
      failed('t2', { at: seconds(5) }),
    );
    const { journal } = await order.told();
    const numbers = JSON.stringify(journal.slice(1).map(({ state }) => state)).match(/[\d.]+/g);
    expect(numbers?.filter((one) => !Number.isInteger(Number(one)))).toEqual([]);
    expect(journal).toHaveLength(8);
  });

  it('whoever armed it and died before it was told to anybody, arms it when the message comes again', async () => {
    for (let count = 1; count <= happenings.length; count += 1) {
      const past = happenings.slice(0, count);
      const [first, again] = [past, [...past, ...past.slice(-1)]].map((all) =>
        given(setting, ...all).told(),
      );
      expect((await again)?.last.commands).toEqual((await first)?.last.commands);
    }
  });
});

describe('invariant 5', () => {
  it('5. An attempt is counted when it is dispatched, not when it fails. One that never began is given back.', async () => {
    const setting = {
      workflow: workflow({ pre: ['A'] }),
      plugins: [plugin('A', retriedAtOnce(2))],
    };
    await given(setting)
      .when(accepted())
      .then({ status: 'running', state: { stage: { tasks: [{ attempt: 1 }] } } });
    await given(setting, accepted())
      .when(failed('t1'))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ attempt: 2 }] } },
        commands: [dispatch('A', { attempt: 2 })],
      });
    await given(setting, accepted(), failed('t1'), failed('t1'), failed('t1'))
      .when(failed('t1', { attempt: 2 }))
      .then({ status: 'failed', state: { error: { attempt: 2 } } });
  });
});

describe('invariant 6', () => {
  it('6. Compensation runs only for tasks that completed, in reverse order, once what is in flight has answered or timed out.', async () => {
    const undoing = (name: string) => plugin(name, { compensates: true });
    const setting = {
      workflow: workflow({ pre: ['A', 'B'], parallel: ['C', 'D'] }),
      plugins: ['A', 'B', 'C', 'D'].map(undoing),
    };
    const past = [accepted(), completed('t1', 1), completed('t2', 2), cancelRequested(seconds(1))];
    const undone: string[] = [];
    const answers = [
      failedForGood('t3'),
      completed('t4', 4),
      ...[5, 6, 7].map((n) => completed(`t${n}`, 0)),
    ];
    for (let count = 0; count <= answers.length; count += 1) {
      const { state, last } = await given(setting, ...past, ...answers.slice(0, count)).told();
      expect(state.status).toBe(count < answers.length ? 'compensating' : 'cancelled');
      for (const one of last.commands) if (one.type === 'DispatchTask') undone.push(one.job);
    }
    expect(undone).toEqual(['undo D', 'undo B', 'undo A']);
  });
});

describe('invariant 7', () => {
  it("7. The order's workflow version never changes under it.", async () => {
    const setting = { workflow: workflow({ pre: ['A'], post: ['A'] }), plugins: plugins('A') };
    const { journal, last } = await given(
      setting,
      accepted(),
      completed('t1', 1),
      completed('t2', 2),
    ).told();
    expect(journal.map(({ state }) => state.workflow)).toEqual(
      journal.map(() => ({ name: 'w', version: 1 })),
    );
    expect(last.commands.at(-1)).toMatchObject({ fact: { workflow: { name: 'w', version: 1 } } });
  });
});

describe('invariant 8', () => {
  it('8. Pausing stops the clocks: deadlines, waits and retries resume where they stopped.', async () => {
    const setting = {
      workflow: workflow({ parallel: ['A', 'B', { waitSeconds: 50 }] }),
      plugins: plugins('A', 'B'),
    };
    const before = [accepted(), failedUntil('t2', 40, seconds(10))];
    const untouched = await given(setting, ...before).told();
    const pause = [
      pauseRequested(seconds(20)),
      deadlinePassed(seconds(60)),
      resumeRequested(seconds(1020)),
    ];
    const paused = await given(setting, ...before, ...pause).told();
    const instantsOf = ({ state }: Told) =>
      'stage' in state ? state.stage?.tasks.map(dueAt).map((at) => at ?? 0) : [];
    const later = instantsOf(untouched)?.map((at) => at + seconds(1000));
    expect(instantsOf(paused)).toEqual(later);
  });
});

describe('invariant 9', () => {
  it('9. Commands are a function of the decision alone: deciding again sends the same commands again.', async () => {
    const setting = {
      workflow: workflow({ parallel: ['A', 'B'], post: ['A', optional('B')] }),
      plugins: [plugin('A', { timeoutSeconds: 30 }), plugin('B')],
    };
    const context = {
      workflow: setting.workflow,
      plugins: new Map(setting.plugins.map((one) => [one.name, one])),
    };
    const events = [
      accepted(),
      failed('t1'),
      timerPassed(seconds(20)),
      completed('t2', 2),
      completed('t1', 1),
      completed('t3', 3),
      failedForGood('t4'),
    ];
    for (let count = 0; count < events.length; count += 1) {
      const { journal } = await given(setting, ...events.slice(0, count)).told();
      const event = events[count] ?? accepted();
      const [one, other] = [
        await decision(journal, [event], context),
        await decision(journal, [event], context),
      ];
      expect(other).toEqual(one);
      const redelivered = await given(setting, ...events.slice(0, count + 1), event).told();
      expect(redelivered.last.commands).toEqual(one.commands);
    }
  });
});

describe('invariant 10', () => {
  it('10. No heartbeat is missed before work has begun; what never began is no failure of its plugin.', async () => {
    const setting = {
      workflow: workflow({ pre: ['A'] }),
      plugins: [plugin('A', { heartbeatSeconds: 3, ...retriedAtOnce(1) })],
    };
    const late = [accepted(), deadlinePassed(seconds(60))];
    await given(setting, ...late)
      .when(deadLettered('t1', seconds(300)))
      .then({ status: 'running', commands: [dispatch('A', { attempt: 2 })] });
    await given(setting, ...late, deadLettered('t1', seconds(300)))
      .when(failed('t1', { attempt: 2, at: seconds(301) }))
      .then({ status: 'failed', state: { error: { code: 'BROKEN' } } });
  });
});
