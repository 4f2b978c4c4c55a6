import { describe, expect, it } from '@jest/globals';
import type { TaskMessage } from '../../../src/contract/messages.ts';
import { pluginKey } from '../../../src/contract/task-token.ts';
import { signReport } from '../../../src/contract/worker-report.ts';
import type { System } from '../system.ts';
import { CONTEXT, createSystem, MASTER, sqsEvent, T0, tokenFor } from '../system.ts';

/** An order whose first task is in flight. */
async function underWay(system: System, orderId: string): Promise<void> {
  await system.call('POST', '/orders', { body: { orderId, input: 5, todo: ['A', 'B'] } });
  system.ports.messenger.sent.length = 0;
  await system.orchestrate(sqsEvent([{ type: 'OrderAccepted', orderId }]), CONTEXT);
}

const completed = (orderId: string, result: number) => ({
  type: 'TaskCompleted',
  token: tokenFor('A', { orderId, taskId: 't1', attempt: 1 }),
  result,
});

async function failuresOf(system: System, bodies: readonly (object | string)[]) {
  const { batchItemFailures } = await system.orchestrate(sqsEvent(bodies), CONTEXT);
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

const jobsOf = async (system: System, orderId: string) => {
  const { body } = await system.call<{ jobs: object }>('GET', `/orders/${orderId}`);
  return body.jobs;
};

const dispatched = ({ ports }: System): readonly TaskMessage[] =>
  ports.messenger.sent.flatMap((outgoing) => (outgoing.to === 'plugin' ? [outgoing.body] : []));

describe('a batch of records', () => {
  it('advances its orders, one entry each however many of its records speak of it', async () => {
    const system = createSystem();
    await underWay(system, 'o-1');
    await underWay(system, 'o-2');
    const failures = await failuresOf(system, [
      { answers: [completed('o-1', 7), completed('o-2', 8)] },
      { answers: [completed('o-1', 7)] },
    ]);
    expect(failures).toEqual([]);
    expect(await jobsOf(system, 'o-1')).toEqual({ A: { input: 5, result: 7 } });
    expect(await jobsOf(system, 'o-2')).toEqual({ A: { input: 5, result: 8 } });
    expect(system.ports.journal.all().get('o-1')).toHaveLength(3);
  });

  it('counts failed attempts by plugin, and nothing while all goes well', async () => {
    const system = createSystem();
    for (const orderId of ['o-1', 'o-2', 'o-3']) await underWay(system, orderId);
    await failuresOf(system, [{ answers: [completed('o-1', 7)] }]);
    expect(system.published).toEqual([]);
    const failed = (orderId: string) => {
      const { result: _, ...answer } = completed(orderId, 0);
      const error = { code: 'HANDLER_FAILED', message: 'no' };
      return { ...answer, type: 'TaskFailed', error, retry: 'policy' };
    };
    await failuresOf(system, [{ answers: [failed('o-2'), failed('o-3')] }]);
    expect(system.published).toEqual([{ Plugin: 'A', TasksFailed: 2 }]);
  });

  it('fails record by record: what cannot be read, and what names an order that could not be stored', async () => {
    const system = createSystem();
    await underWay(system, 'o-1');
    await underWay(system, 'o-2');
    const append = system.ports.journal.append.bind(system.ports.journal);
    system.ports.journal.append = async (entry) => {
      if (entry.orderId === 'o-2') throw new Error('throttled');
      return append(entry);
    };
    const failures = await failuresOf(system, [
      { answers: [completed('o-1', 7)] },
      '{"answers": [',
      { answers: [] },
      { answers: [completed('o-2', 8)] },
      { type: 'DeadlinePassed', orderId: 'o-2', at: T0 },
      `{"answers": ${'['.repeat(50_000)}`,
      { type: 'OrderAccepted', orderId: 'nobody' },
    ]);
    expect(failures.sort()).toEqual(['m2', 'm3', 'm4', 'm5', 'm6']);
    expect(await jobsOf(system, 'o-1')).toEqual({ A: { input: 5, result: 7 } });
  });

  it('fails for the orders whose next messages could not be sent', async () => {
    const system = createSystem();
    await underWay(system, 'o-1');
    await underWay(system, 'o-2');
    system.ports.messenger.send = async (messages) =>
      messages
        .filter(({ orderId }) => orderId === 'o-2')
        .map((message) => ({ message, error: new Error('no route') }));
    const records = [{ answers: [completed('o-1', 7)] }, { answers: [completed('o-2', 8)] }];
    expect(await failuresOf(system, records)).toEqual(['m2']);
  });
});

// Was: the message counted as deeper than its results, so that one of 62 levels took its neighbours with it. Now: they have 64.
it('a result as deep as an input may be is applied', async () => {
  const system = createSystem();
  await underWay(system, 'o-1');
  const result = Array.from({ length: 64 }).reduce<unknown>((inner) => [inner], 7);
  expect(await failuresOf(system, [{ answers: [{ ...completed('o-1', 0), result }] }])).toEqual([]);
  expect(await jobsOf(system, 'o-1')).toEqual({ A: { input: 5, result } });
});

// Was: one answer with a number that JavaScript changes, or with half a surrogate pair, failed its whole message each time that it came:
// its honest neighbours and the task itself waited for their deadlines.
// Now: its attempt has failed, by name, and its neighbours are applied.
describe('an answer that cannot be taken as it is', () => {
  const token = (orderId: string) => tokenFor('A', { orderId, taskId: 't1', attempt: 1 });
  const resultOf = (json: string) =>
    `{"type":"TaskCompleted","token":"${token('o-1')}","result":${json}}`;
  const failureOf = (rest: string) => `{"type":"TaskFailed","token":"${token('o-1')}",${rest}}`;
  const honest = JSON.stringify(completed('o-2', 8));

  async function answered(answer: string) {
    const system = createSystem();
    await underWay(system, 'o-1');
    await underWay(system, 'o-2');
    const failures = await failuresOf(system, [`{"answers":[${answer},${honest}]}`]);
    const { body } = await system.call<{ status: string; error?: object }>('GET', '/orders/o-1');
    return { system, failures, order: body };
  }

  it.each([
    [
      'a number that is not kept',
      '{"id":[1,9007199254740993]}',
      'RESULT_NOT_JSON',
      'result.id[1]: 90',
    ],
    ['a number beyond all numbers', '1e999', 'RESULT_NOT_JSON', 'is too large for a number'],
    ['too many digits', '0.12345678901234567890123', 'RESULT_NOT_JSON', 'would become'],
    ['half of a surrogate pair', '"\\ud83d"', 'RESULT_NOT_JSON', 'surrogate'],
    ['a key twice', '{"a":1,"a":2}', 'RESULT_NOT_JSON', 'twice'],
    ['__proto__', '{"__proto__":{"a":1}}', 'RESULT_NOT_JSON', 'this key is not taken'],
    [
      'more depth than a value may have',
      `${'['.repeat(65)}${']'.repeat(65)}`,
      'RESULT_TOO_DEEP',
      '64',
    ],
    ['endless depth', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'RESULT_TOO_DEEP', '64'],
  ])('fails its task for good: %s', async (_name, json, code, message) => {
    const { system, failures, order } = await answered(resultOf(json));
    expect(failures).toEqual([]);
    expect(order).toMatchObject({ status: 'failed', error: { code, plugin: 'A', attempt: 1 } });
    expect(order.error).toMatchObject({ message: expect.stringContaining(message) });
    expect(await jobsOf(system, 'o-2')).toEqual({ A: { input: 5, result: 8 } });
    expect(system.published).toContainEqual({ Plugin: 'A', AnswersRefused: 1 });
  });

  it('fails its task for good when it has no result', async () => {
    const { failures, order } = await answered(
      `{"type":"TaskCompleted","token":"${token('o-1')}"}`,
    );
    expect(failures).toEqual([]);
    expect(order).toMatchObject({ status: 'failed', error: { code: 'MALFORMED_ANSWER' } });
  });

  it.each([
    ['no error', '"retry":"policy"'],
    ['too long a code', `"error":{"code":"${'X'.repeat(101)}","message":""},"retry":"never"`],
    ['an unknown advice', '"error":{"code":"X","message":""},"retry":"perhaps"'],
  ])('fails its attempt when it tells of a failure with %s', async (_name, rest) => {
    const { failures, order } = await answered(failureOf(rest));
    expect(failures).toEqual([]);
    expect(order).toMatchObject({
      status: 'running',
      tasks: [{ status: 'backingOff', error: { code: 'MALFORMED_ANSWER' } }],
    });
  });

  it('is taken when only the text of its failure is damaged', async () => {
    const error = '"error":{"code":"BROKEN","message":"half \\ud83d"},"retry":"never"';
    const { failures, order } = await answered(failureOf(error));
    expect(failures).toEqual([]);
    expect(order).toMatchObject({ error: { code: 'BROKEN', message: 'half \ufffd' } });
  });

  it.each([
    ['of a kind that is not known', '"type":"TaskForgotten"'],
    ['of no kind', '"result":1'],
  ])('is left to a person when it is %s', async (_name, rest) => {
    const { system, failures, order } = await answered(`{"token":"${token('o-1')}",${rest}}`);
    expect(failures).toEqual(['m1']);
    expect(order.status).toBe('running');
    expect(await jobsOf(system, 'o-2')).toEqual({ A: { input: 5, result: 8 } });
  });
});

describe('records that came before', () => {
  /** Three of them, one for each order. */
  function again() {
    const event = sqsEvent(
      ['o-1', 'o-2', 'o-3'].map((orderId) => ({ answers: [completed(orderId, 8)] })),
    );
    for (const { attributes } of event.Records) attributes.ApproximateReceiveCount = '2';
    return event;
  }

  // Was: those that were done came again with the one that ended their process, and each time had to be looked for in their journals.
  // Now: each goes as soon as it is done.
  it('go one by one, each before the next may end the process', async () => {
    const system = createSystem();
    for (const orderId of ['o-1', 'o-2', 'o-3']) await underWay(system, orderId);
    const { journal } = system.ports;
    const { append } = journal;
    const goneBefore: number[] = [];
    journal.append = (...entry) => {
      goneBefore.push(system.precluded.length);
      return append(...entry);
    };
    await system.orchestrate(again(), CONTEXT);
    expect(goneBefore).toEqual([0, 1, 2]);
  });

  it('stay if they failed', async () => {
    const system = createSystem();
    for (const orderId of ['o-1', 'o-2', 'o-3']) await underWay(system, orderId);
    const { journal } = system.ports;
    const { append } = journal;
    journal.append = async (...entry) => {
      if (entry[0].orderId === 'o-1') throw new Error('throttled');
      return append(...entry);
    };
    const { batchItemFailures } = await system.orchestrate(again(), CONTEXT);
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'm1' }]);
    expect(system.precluded.map(({ receiptHandle }) => receiptHandle)).not.toContain('r1');
  });

  // Was: a message that failed each time rang no alarm until it was a dead letter. Now: it is counted, once the queue's age leaves it out.
  it('are counted as failing from the fourth time on, and not if they succeed', async () => {
    const system = createSystem();
    await underWay(system, 'o-1');
    const failing = async (receives: readonly number[]) => {
      const event = sqsEvent([
        ...receives.map(() => 'not JSON'),
        { answers: [completed('o-1', 8)] },
      ]);
      for (const [index, { attributes }] of event.Records.entries())
        attributes.ApproximateReceiveCount = String(receives[index] ?? 9);
      await system.orchestrate(event, CONTEXT);
      return system.published.splice(0);
    };
    expect(await failing([1, 2, 3])).toEqual([]);
    expect(await failing([3, 4, 50])).toEqual([{ RecordsFailing: 2 }]);
  });

  it('are done with their batch if nobody could let them go before', async () => {
    const system = createSystem();
    for (const orderId of ['o-1', 'o-2', 'o-3']) await underWay(system, orderId);
    system.ports.redelivery.preclude = async () => {
      throw new Error('throttled');
    };
    expect(await system.orchestrate(again(), CONTEXT)).toEqual({ batchItemFailures: [] });
  });
});

describe('while the master secret is being replaced', () => {
  it.each([
    ['the new', { current: 'another', other: MASTER }],
    ['the earlier', { current: MASTER, other: 'another' }],
  ])('what is signed with a key of either counts, beside %s', async (_, secrets) => {
    const system = createSystem();
    system.ports.masterSecret.read = async () => secrets;
    await underWay(system, 'o-1');
    expect(await failuresOf(system, [{ answers: [completed('o-1', 8)] }])).toEqual([]);
    expect(await jobsOf(system, 'o-1')).toEqual({ A: { input: 5, result: 8 } });
  });

  it('what is signed with a key of neither is forged', async () => {
    const system = createSystem();
    system.ports.masterSecret.read = async () => ({ current: 'new', other: 'earlier' });
    await underWay(system, 'o-1');
    expect(await failuresOf(system, [{ answers: [completed('o-1', 8)] }])).toEqual(['m1']);
    expect(await jobsOf(system, 'o-1')).toEqual({});
  });
});

describe('a forged answer', () => {
  const forged = (orderId: string) => ({
    ...completed(orderId, 1_000_000),
    token: `${orderId}.t1.1.A.c2lnbmF0dXJl`,
  });

  it('is refused, and its honest neighbours in the same message are applied', async () => {
    const system = createSystem();
    await underWay(system, 'o-1');
    await underWay(system, 'o-2');
    const record = { answers: [forged('o-1'), completed('o-2', 8)] };
    expect(await failuresOf(system, [record])).toEqual(['m1']);
    expect(await failuresOf(system, [record])).toEqual(['m1']);
    expect(await jobsOf(system, 'o-1')).toEqual({});
    expect(await jobsOf(system, 'o-2')).toEqual({ A: { input: 5, result: 8 } });
    expect(system.ports.journal.all().get('o-2')).toHaveLength(3);
  });

  it.each([
    ['for the task of another plugin', 'B', { taskId: 't1', attempt: 1 }],
    ['for another attempt', 'A', { taskId: 't1', attempt: 2 }],
    ['for another task', 'A', { taskId: 't9', attempt: 1 }],
  ])('changes nothing: %s', async (_name, plugin, task) => {
    const system = createSystem();
    await underWay(system, 'o-1');
    const token = tokenFor(plugin, { orderId: 'o-1', ...task });
    const answer = { type: 'TaskCompleted', token, result: 1_000_000 };
    await failuresOf(system, [{ answers: [answer] }]);
    expect(await jobsOf(system, 'o-1')).toEqual({});
  });
});

describe('a timer', () => {
  const retryLater = (orderId: string, afterSeconds: number) => ({
    type: 'TaskFailed',
    token: tokenFor('A', { orderId, taskId: 't1', attempt: 1 }),
    error: { code: 'BUSY', message: 'come again' },
    retry: 'later',
    afterSeconds,
  });

  async function waiting() {
    const system = createSystem();
    await underWay(system, 'o-1');
    await failuresOf(system, [{ answers: [retryLater('o-1', 10)] }]);
    system.ports.messenger.sent.length = 0;
    return system;
  }

  it('that rings a little early counts as on time', async () => {
    const system = await waiting();
    system.now.at = T0 + 8500;
    await failuresOf(system, [{ type: 'DeadlinePassed', orderId: 'o-1', at: T0 + 10_000 }]);
    expect(dispatched(system)).toMatchObject([{ invited: { A: { attempt: 2 } } }]);
  });

  it('that claims a time far ahead is not believed', async () => {
    const system = await waiting();
    await failuresOf(system, [{ type: 'DeadlinePassed', orderId: 'o-1', at: T0 + 10_000 }]);
    expect(dispatched(system)).toEqual([]);
  });
});

describe('when an attempt was at work', () => {
  const ran = { startedAt: T0 + 2000, endedAt: T0 + 4000, instance: '5f0e61d2' };
  const attemptsOf = async (system: System) => {
    const { body } = await system.call<{ tasks: { attempts: object[] }[] }>('GET', '/orders/o-1');
    return body.tasks[0]?.attempts;
  };
  const failed = { ...completed('o-1', 0), type: 'TaskFailed', retry: 'policy' };
  const busy = { code: 'BUSY', message: 'later' };

  it.each([
    ['completed', { ...completed('o-1', 7), ran }, {}],
    ['failed', { ...failed, error: busy, ran }, { error: busy }],
    [
      'failed, is to come again later',
      { ...failed, error: busy, retry: 'later', afterSeconds: 60, ran },
      { error: busy },
    ],
  ])('stands with the attempt that %s, as its plugin says', async (_, answer, more) => {
    const system = createSystem();
    system.now.at = T0 + 1000;
    await underWay(system, 'o-1');
    system.now.at = T0 + 5000;
    expect(await failuresOf(system, [{ answers: [answer] }])).toEqual([]);
    expect(await attemptsOf(system)).toMatchObject([
      {
        ...{ attempt: 1, dispatchedAt: '2026-11-21T08:00:01.000Z' },
        startedAt: '2026-11-21T08:00:02.000Z',
        endedAt: '2026-11-21T08:00:04.000Z',
        ...{ instance: '5f0e61d2', ...more },
      },
    ]);
  });

  it.each([
    ['no instant', { ...ran, endedAt: 'soon' }],
    ['no date', { ...ran, endedAt: 9e15 }],
    ['too long a name of an instance', { ...ran, instance: 'x'.repeat(101) }],
  ])('%s is no answer: the attempt fails', async (_, wrong) => {
    const system = createSystem();
    await underWay(system, 'o-1');
    await failuresOf(system, [{ answers: [{ ...completed('o-1', 7), ran: wrong }] }]);
    expect(await attemptsOf(system)).toMatchObject([{ error: { code: 'MALFORMED_ANSWER' } }]);
  });
});

describe('a report of a worker', () => {
  const report = { plugin: 'A', worker: 'w1', concurrency: 4, busy: 1, at: T0 - 1000 };
  const seen = (about: object, key = pluginKey(MASTER, 'A')) => ({
    type: 'WorkerSeen',
    report: { ...report, ...about },
    signature: signReport({ ...report, ...about }, key),
  });

  it('is kept until the worker ends', async () => {
    const system = createSystem();
    expect(await failuresOf(system, [seen({}), seen({ worker: 'w2' })])).toEqual([]);
    expect(await system.ports.workers.list()).toEqual([report, { ...report, worker: 'w2' }]);
    expect(await failuresOf(system, [seen({ ended: true })])).toEqual([]);
    expect(await system.ports.workers.list()).toEqual([{ ...report, worker: 'w2' }]);
  });

  it('counts as of now if its clock is ahead', async () => {
    const system = createSystem();
    await failuresOf(system, [seen({ at: T0 + 3_600_000 })]);
    expect(await system.ports.workers.list()).toMatchObject([{ at: T0 }]);
  });

  it.each([
    ['under the key of another plugin', seen({}, pluginKey(MASTER, 'B'))],
    ['for a plugin of others', { ...seen({}), report: { ...report, plugin: 'B' } }],
    ['changed on its way', { ...seen({}), report: { ...report, concurrency: 999 } }],
    ['with a name that is none', seen({ worker: 'a#b' })],
  ])('is refused %s', async (_, forged) => {
    const system = createSystem();
    expect(await failuresOf(system, [forged, seen({ worker: 'w2' })])).toEqual(['m1']);
    expect(await system.ports.workers.list()).toEqual([{ ...report, worker: 'w2' }]);
  });
});

describe('an answer that brings back where its order stood', () => {
  /** Two orders under way, in an instance that has forgotten them; and how often it reads a journal from then on. */
  async function elsewhere() {
    const system = createSystem();
    await underWay(system, 'o-1');
    const [task] = dispatched(system);
    await underWay(system, 'o-2');
    const { journal } = system.ports;
    journal.forget();
    const { latest } = journal;
    const reads = { count: 0 };
    journal.latest = async (orderId) => {
      reads.count += 1;
      return latest(orderId);
    };
    const sealed = task?.invited.A?.sealed;
    expect(sealed).toBeDefined();
    return { system, reads, sealed };
  }

  it('spares the order a read', async () => {
    const { system, reads, sealed } = await elsewhere();
    expect(await failuresOf(system, [{ answers: [{ ...completed('o-1', 7), sealed }] }])).toEqual(
      [],
    );
    expect(reads.count).toBe(0);
    expect(await jobsOf(system, 'o-1')).toEqual({ A: { input: 5, result: 7 } });
  });

  it.each([
    ['it brings nothing', () => ({})],
    ['it was forged', () => ({ sealed: 'entry 1 of another' })],
    ['it is of another order', () => ({ sealed: 'entry 1 of o-2' })],
  ])('and the journal is read where %s', async (_, brought) => {
    const { system, reads } = await elsewhere();
    const answers = [{ ...completed('o-1', 7), ...brought() }];
    expect(await failuresOf(system, [{ answers }])).toEqual([]);
    expect(reads.count).toBe(1);
    expect(await jobsOf(system, 'o-1')).toEqual({ A: { input: 5, result: 7 } });
  });

  it('and the journal is read where the message comes again: the order may have moved on', async () => {
    const { system, reads, sealed } = await elsewhere();
    const event = sqsEvent([{ answers: [{ ...completed('o-1', 7), sealed }] }]);
    const [record] = event.Records;
    if (record) record.attributes.ApproximateReceiveCount = '2';
    await system.orchestrate(event, CONTEXT);
    expect(reads.count).toBe(1);
  });

  it('changes nothing that has happened meanwhile', async () => {
    const { system, sealed } = await elsewhere();
    await failuresOf(system, [{ answers: [completed('o-1', 7)] }]);
    system.ports.journal.forget();
    await failuresOf(system, [{ answers: [{ ...completed('o-1', 8), sealed }] }]);
    expect(await jobsOf(system, 'o-1')).toEqual({ A: { input: 5, result: 7 } });
  });

  it('is one thing: an answer that brings something else fails its attempt', async () => {
    const { system } = await elsewhere();
    await failuresOf(system, [{ answers: [{ ...completed('o-1', 7), sealed: 7 }] }]);
    const { body } = await system.call<{ error?: object }>('GET', '/orders/o-1');
    expect(body.error).toMatchObject({ code: 'MALFORMED_ANSWER' });
  });
});
