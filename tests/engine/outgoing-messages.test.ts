import { describe, expect, it } from '@jest/globals';
import type { Command, DispatchTask } from '../../src/core/command.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { EndingAfterUndo } from '../../src/core/order.ts';
import type { Workflow } from '../../src/core/workflow.ts';
import { messagesOf } from '../../src/engine/messages-of-commands.ts';
import type { RoutingContext } from '../../src/engine/outgoing-messages.ts';
import { callingOnce, messagesFor } from '../../src/engine/outgoing-messages.ts';
import { sessionOf } from '../../src/engine/place-in-line.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

const NOW = 1_000_000;
const letters = (count: number) => [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].slice(0, count);

const task = (name: string, differing: Partial<DispatchTask> = {}): DispatchTask => ({
  ...{
    type: 'DispatchTask',
    orderId: 'o',
    taskId: `t-${name}`,
    job: name,
    plugin: name,
    attempt: 1,
  },
  ...{
    deadlineAt: NOW,
    input: 1,
    ownInput: false,
    stage: 'parallel',
    attributes: {},
    history: false,
  },
  ...{ workflow: { name: 'w', version: 1 }, done: [], entry: 1 },
  ...differing,
});

const context = (differing: Partial<RoutingContext> = {}): RoutingContext => ({
  plugins: new Map(letters(26).map((name) => [name, plugin(name, { registeredAt: 0 })])),
  outline: [letters(26)],
  historyUpTo: (entry) => ({ input: `as of ${entry}`, jobs: {} }),
  undoneJob: () => undefined,
  traceOf: () => undefined,
  acceptedAt: NOW - 60_000,
  now: NOW,
  subscriptionSettlesSeconds: 60,
  ...differing,
});

const withPlugin = (name: string, differing: Parameters<typeof plugin>[1]) => {
  const { plugins } = context();
  const changed = plugin(name, { registeredAt: 0, ...differing });
  return context({ plugins: new Map([...plugins, [name, changed]]) });
};

/** Where each message goes, and whom it invites. */
function routes(commands: readonly Command[], routing = context()): readonly string[] {
  return messagesFor(commands, routing).map(inWords);
}

function inWords(message: OutgoingMessage): string {
  switch (message.to) {
    case 'broadcast':
      return `broadcast ${message.plugins.join('')}`;
    case 'plugin':
      return `${message.queueUrl} ${Object.keys(message.body.invited).join('')}`;
    case 'orchestrator':
      return `orchestrator in ${message.delaySeconds} s`;
    case 'lifecycle':
      return message.body.type;
  }
}

const toQueue = (name: string) => `${plugin(name).queueUrl} ${name}`;

describe('tasks of a parallel stage', () => {
  it('that are alike are broadcast at once', () => {
    expect(routes([task('A'), task('B'), task('C')])).toStrictEqual(['broadcast ABC']);
  });

  it('are broadcast to ten at a time, and one that is left goes to its queue', () => {
    expect(routes(letters(10).map((name) => task(name)))).toStrictEqual(['broadcast ABCDEFGHIJ']);
    expect(routes(letters(21).map((name) => task(name)))).toStrictEqual([
      'broadcast ABCDEFGHIJ',
      'broadcast KLMNOPQRST',
      toQueue('U'),
    ]);
  });

  it('that are one go to its queue', () => {
    expect(routes([task('A')])).toStrictEqual([toQueue('A')]);
  });

  it.each([
    ['is a retry', { attempt: 2 }],
    ['has an input of its own', { ownInput: true }],
    ['looks back', { history: true }],
    ['stands in a stage of one after another', { stage: 'pre' }],
  ] as const)('go to their queues where one %s', (_, differing) => {
    expect(routes([task('A'), task('B', differing), task('C')])).toStrictEqual([
      'broadcast AC',
      toQueue('B'),
    ]);
  });

  it('go to their queues where a plugin stands twice', () => {
    const again = task('B', { taskId: 't9', job: 'B#2' });
    expect(routes([task('A'), task('B'), again, task('C')])).toStrictEqual([
      'broadcast AC',
      toQueue('B'),
      toQueue('B'),
    ]);
  });

  it('go to their queues until a subscription has settled, to the second', () => {
    const tasks = [task('A'), task('B'), task('C')];
    const young = withPlugin('B', { registeredAt: NOW - 59_999 });
    expect(routes(tasks, young)).toStrictEqual(['broadcast AC', toQueue('B')]);
    const settled = withPlugin('B', { registeredAt: NOW - 60_000 });
    expect(routes(tasks, settled)).toStrictEqual(['broadcast ABC']);
  });

  it('are not sent to a plugin that has been removed since', () => {
    const { plugins } = context();
    const left = context({ plugins: new Map([...plugins].filter(([name]) => name !== 'B')) });
    expect(routes([task('A'), task('B'), task('C')], left)).toStrictEqual(['broadcast AC']);
  });

  it('are broadcast while SNS takes them with some room for attributes: 250 KiB', () => {
    const bytes = (length: number) =>
      [task('A'), task('B')].map((one) => ({ ...one, input: 'x'.repeat(length) }));
    const [small] = messagesFor(bytes(0), context());
    const rest = JSON.stringify(small && 'body' in small ? small.body : '').length;
    expect(routes(bytes(250 * 1024 - rest))).toStrictEqual(['broadcast AB']);
    expect(routes(bytes(250 * 1024 - rest + 1))).toStrictEqual([toQueue('A'), toQueue('B')]);
    // What SQS takes no more lies in the bucket, once for all of them.
    expect(routes(bytes(1024 * 1024 - rest))).toStrictEqual([toQueue('A'), toQueue('B')]);
    expect(routes(bytes(1024 * 1024 - rest + 1))).toStrictEqual(['broadcast AB']);
  });
});

describe('the message of a task', () => {
  const bodyOf = (commands: readonly Command[], routing = context()) => {
    const [message] = messagesFor(commands, routing);
    return message?.to === 'plugin' || message?.to === 'broadcast' ? message.body : undefined;
  };

  it('says who is invited, to what, and what is done', () => {
    const one = task('A', { heartbeatSeconds: 3, done: ['Z'], attributes: { kind: 'photo' } });
    expect(bodyOf([one])).toStrictEqual({
      ...{ orderId: 'o', workflow: 'w', input: 1, attributes: { kind: 'photo' } },
      ...{ tasks: [letters(26)], done: ['Z'] },
      invited: { A: { taskId: 't-A', job: 'A', attempt: 1, deadlineAt: NOW, heartbeatSeconds: 3 } },
    });
  });

  it('of several invites each of them by name', () => {
    expect(bodyOf([task('A'), task('B')])?.invited).toStrictEqual({
      A: { taskId: 't-A', job: 'A', attempt: 1, deadlineAt: NOW },
      B: { taskId: 't-B', job: 'B', attempt: 1, deadlineAt: NOW },
    });
  });

  it('says which failure its order has caught', () => {
    const caught = { code: 'BROKEN', message: 'it broke', task: 'Z', plugin: 'Z', attempt: 3 };
    expect(bodyOf([task('A', { caught })])).toMatchObject({ caught });
    expect(bodyOf([task('A')])).not.toHaveProperty('caught');
  });

  it('of one that undoes a job has what that job got and gave, or nothing where nobody knows', () => {
    const ending = { status: 'cancelled' } as const;
    const undo = task('A', { compensates: { job: 'Z', ending }, entry: 7 });
    const undoneJob: RoutingContext['undoneJob'] = (entry, job) => ({
      input: [entry, job],
      result: 2,
    });
    expect(bodyOf([undo], context({ undoneJob }))).toMatchObject({
      ...{ input: [7, 'Z'], compensate: { result: 2, ending } },
    });
    expect(bodyOf([undo])).toMatchObject({ input: null, compensate: { result: null, ending } });
  });

  it('has the history up to its decision where the plugin looks back', () => {
    const body = bodyOf([task('A', { history: true, entry: 7 })]);
    expect(body?.history).toStrictEqual({ input: 'as of 7', jobs: {} });
  });
});

describe('the journal', () => {
  const ending = { status: 'failed' } as unknown as EndingAfterUndo;
  const undo = { compensates: { job: 'Z', ending } };

  it.each<[string, Command, number]>([
    ['is read for a task that looks back', task('A', { history: true }), 1],
    ['is read for what undoes a job', task('A', undo), 1],
    ['is not read for any other task', task('A'), 0],
    ['is not read for a child order, which is told nothing', task('A', { ...undo, child: 'c' }), 0],
    ['is not read for a timer', { type: 'SetTimer', orderId: 'o', at: NOW }, 0],
  ])('%s', async (_, command, reads) => {
    const { ports, place } = await orderWorld(['A']);
    await place('o', 1, undefined, 'shop');
    const { state } = (await ports.journal.latest('o')) as JournalEntry;
    const workflow = (await ports.workflows.get(state.workflow)) as Workflow;
    let read = 0;
    const entries = async () => {
      read += 1;
      return ports.journal.entries('o');
    };
    const plugins = await ports.registry.plugins();
    const about = [{ workflow, plugins }, { entries }, undefined, ports] as const;
    const [message] = await messagesOf([command], state, ...about);
    expect(read).toBe(reads);
    if (message?.to === 'plugin') expect(message.client).toBe('shop');
  });
});

describe('a timer', () => {
  const timerIn = (ms: number): Command => ({ type: 'SetTimer', orderId: 'o', at: NOW + ms });

  it('rings no earlier than its instant, in whole seconds', () => {
    expect(routes([timerIn(1001)])).toStrictEqual(['orchestrator in 2 s']);
    expect(routes([timerIn(2000)])).toStrictEqual(['orchestrator in 2 s']);
  });

  it('that is due rings at once', () => {
    expect(routes([timerIn(-5000)])).toStrictEqual(['orchestrator in 0 s']);
  });

  it('is left to the sweeper when it is longer than SQS delays a message', () => {
    expect(routes([timerIn(900_000)])).toStrictEqual(['orchestrator in 900 s']);
    expect(routes([timerIn(900_001)])).toStrictEqual([]);
  });

  it('names the order and the instant', () => {
    expect(messagesFor([timerIn(1000)], context())).toStrictEqual([
      {
        ...{ to: 'orchestrator', orderId: 'o', delaySeconds: 1 },
        body: { type: 'DeadlinePassed', orderId: 'o', at: NOW + 1000 },
      },
    ]);
  });
});

describe('a plugin that is switched off', () => {
  const off = withPlugin('B', { switchedOff: true });

  it('is called when a task is sent to it', () => {
    expect(routes([task('A'), task('B')], off)).toStrictEqual(['broadcast AB', 'plugin.awaited']);
    expect(routes([task('A')], off)).toStrictEqual([toQueue('A')]);
  });

  it('is called once for many orders, and every other message stays', () => {
    const one = messagesFor([task('B')], off);
    const two = messagesFor([task('B', { orderId: 'p' })], off);
    const fact = {
      type: 'order.started',
      orderId: 'p',
      workflow: { name: 'w', version: 1 },
      entry: 1,
    } as const;
    const three = messagesFor(
      [
        { type: 'PublishLifecycle', fact },
        { type: 'PublishLifecycle', fact },
      ],
      off,
    );
    expect(callingOnce([...one, ...two, ...three]).map(inWords)).toStrictEqual([
      toQueue('B'),
      'plugin.awaited',
      toQueue('B'),
      'order.started',
      'order.started',
    ]);
  });
});

it('deadlines travel in no message', () => {
  const deadline = { orderId: 'o', last: { at: NOW, entry: 0 } };
  const workflow = { name: 'w', version: 1 };
  expect(
    routes([
      { type: 'ArmDeadline', ...deadline, workflow, at: NOW, entry: 1 },
      { type: 'DisarmDeadline', ...deadline },
    ]),
  ).toStrictEqual([]);
});

describe("a client's tasks", () => {
  it('say whose they are, so that queues can be fair: alone, and to a parallel stage', () => {
    const retry = task('C', { attempt: 2 });
    const sent = messagesFor([task('A'), task('B'), retry], context({ client: 'acme' }));
    expect(sent).toMatchObject([
      { to: 'broadcast', client: 'acme' },
      { to: 'plugin', client: 'acme' },
    ]);
  });

  it('of an order without a client say nothing', () => {
    for (const message of messagesFor(
      [task('A'), task('B'), task('C', { attempt: 2 })],
      context(),
    )) {
      expect(message).not.toHaveProperty('client');
    }
  });
});

describe("an ordered plugin's tasks", () => {
  const ordered = withPlugin('B', { ordered: 'attributes.account' });
  const placeOf = (differing: Partial<DispatchTask>) => {
    const [message] = messagesFor([task('B', differing)], ordered);
    return message?.to === 'plugin' ? message.place : undefined;
  };
  const of = (account: string | number) => ({ attributes: { account } });

  it('go straight to its queue, the others of the stage over the topic', () => {
    expect(routes([task('A'), task('B'), task('C')], ordered)).toEqual([
      'broadcast AC',
      expect.stringMatching(/ B$/),
    ]);
  });

  it('stand in the line of the value of its attribute, whosever they are', () => {
    const line = placeOf(of('acme'))?.line;
    expect(line).toMatch(/^[0-9a-f]{64}$/);
    expect(placeOf({ ...of('acme'), orderId: 'other', taskId: 't9', attempt: 3 })?.line).toBe(line);
    expect(placeOf(of('other'))?.line).not.toBe(line);
    expect(placeOf(of('1'))?.line).not.toBe(placeOf(of(1))?.line);
  });

  it('of an order without the attribute stand in line with nobody else', () => {
    const alone = placeOf({})?.line;
    expect(placeOf({ taskId: 't9' })?.line).toBe(alone);
    expect(placeOf({ orderId: 'other' })?.line).not.toBe(alone);
  });

  it('are the same message when they are sent again, and another for each attempt', () => {
    const message = placeOf(of('acme'))?.message;
    expect(placeOf(of('acme'))?.message).toBe(message);
    expect(placeOf({ ...of('acme'), attempt: 2 })?.message).not.toBe(message);
    expect(placeOf({ ...of('acme'), taskId: 't9' })?.message).not.toBe(message);
  });

  it('of a stateful one carry its session, and a name that is the same in all attempts, and in no other task', () => {
    const stateful = withPlugin('B', { ordered: 'attributes.session', stateful: true });
    const sentFor = (differing: Partial<DispatchTask>, routing = stateful) => {
      const [message] = messagesFor([task('B', differing)], routing);
      if (message?.to !== 'plugin') throw new Error('it goes elsewhere');
      const { sessionId, transactionId } = message.body.invited.B ?? {};
      return { sessionId, transactionId, line: message.place?.line };
    };
    const first = sentFor({ attributes: { session: 's-1' } });
    expect(first).toMatchObject({ sessionId: 's-1', transactionId: expect.any(String) });
    expect(sentFor({ attributes: { session: 's-1' }, attempt: 2 })).toEqual(first);
    const others = [
      sentFor({ attributes: { session: 's-1' }, taskId: 't9' }),
      sentFor({ attributes: { session: 's-1' }, orderId: 'other' }),
      // The id of an order that is gone is free.
      sentFor({ attributes: { session: 's-1' } }, { ...stateful, acceptedAt: NOW }),
    ];
    expect(others.map(({ line, sessionId }) => [line, sessionId])).toEqual(
      others.map(() => [first.line, 's-1']),
    );
    expect(new Set([first, ...others].map((one) => one.transactionId)).size).toBe(4);
    // One session by its text stands in one line, whatever type clients give it.
    const [text, number] = ['5', 5].map((session) => sentFor({ attributes: { session } }));
    expect(number).toEqual(text);
    expect(sentFor({ orderId: 'o-7' })).toMatchObject({ sessionId: 'o-7' });
    expect(sentFor({ attributes: { account: 'a' } }, ordered)).toMatchObject({
      sessionId: undefined,
      transactionId: undefined,
    });
  });

  it('of one that is said to be stateful and is not ordered have no session', () => {
    expect(sessionOf(task('B'), { stateful: true })).toBeUndefined();
  });

  it('of others have no place', () => {
    const [message] = messagesFor([task('A')], ordered);
    expect(message).not.toHaveProperty('place');
  });
});
