/** A mutant that StrykerJS does not make: it changes no numbers, and looks at src/core and src/engine only. */
export interface ByHand {
  readonly title: string;
  readonly file: string;
  /** Stands in the file once. */
  readonly was: string;
  readonly becomes: string;
  /** The test file that must fail with it. */
  readonly seenBy: string;
}

export const BY_HAND: readonly ByHand[] = [
  ...mutantsOf('src/engine/engine.ts', [
    {
      title: 'a writer gives up after the first lost race',
      was: 'const MAX_RACES = 20;',
      becomes: 'const MAX_RACES = 1;',
      seenBy: 'tests/engine/lost-races.test.ts',
    },
    {
      title: 'a writer gives up one race early',
      was: 'const MAX_RACES = 20;',
      becomes: 'const MAX_RACES = 19;',
      seenBy: 'tests/engine/lost-races.test.ts',
    },
  ]),
  ...mutantsOf('src/aws/entry-keys.ts', [
    {
      title: 'the journal is read as it was a moment ago',
      was: 'partitionOf(orderId)] as const, consistent: true }',
      becomes: 'partitionOf(orderId)] as const, consistent: false }',
      seenBy: 'tests/aws/stale-reads.test.ts',
    },
  ]),
  ...mutantsOf('src/aws/table.ts', [
    {
      title: 'a query is not consistent although that was asked for',
      was: '...(consistent && { ConsistentRead: true }),',
      becomes: '',
      seenBy: 'tests/aws/stale-reads.test.ts',
    },
    {
      title: 'a single item is read as it was a moment ago',
      was: 'Key: marshal(key), ConsistentRead: true }',
      becomes: 'Key: marshal(key) }',
      seenBy: 'tests/aws/stale-reads.test.ts',
    },
  ]),
  ...mutantsOf('src/core/decide.ts', [
    {
      title: 'a wish to cancel counts first',
      was: 'return Number.MAX_SAFE_INTEGER / 2 + event.askedAt;',
      becomes: 'return -1;',
      seenBy: 'tests/core/late-events.test.ts',
    },
    {
      title: 'a wish to cancel counts before heartbeats and what they say',
      was: 'return Number.MAX_SAFE_INTEGER / 2 + event.askedAt;',
      becomes: 'return 0.5;',
      seenBy: 'tests/core/late-events.test.ts',
    },
    {
      title: 'events count in the order in which they came',
      was: 'return [...events].sort((a, b) => weight(a) - weight(b));',
      becomes: 'return events;',
      seenBy: 'tests/core/late-events.test.ts',
    },
    {
      title: 'what was sent last counts first',
      was: "'sentAt' in event ? event.sentAt : 0",
      becomes: "'sentAt' in event ? -event.sentAt : 0",
      seenBy: 'tests/core/deadlines.test.ts',
    },
    {
      title: 'an entry bears the instant of the events that it took only',
      was: 'const entry = { state, at, applied',
      becomes: 'const entry = { state, at: Math.max(...applied.map((one) => one.at)), applied',
      seenBy: 'tests/core/redelivery.test.ts',
    },
    {
      title: 'an order that nobody starts is started a minute late',
      was: 'START_WITHIN_SECONDS = 60',
      becomes: 'START_WITHIN_SECONDS = 120',
      seenBy: 'tests/core/deadlines.test.ts',
    },
  ]),
  ...mutantsOf('src/engine/placing.ts', [
    {
      title: 'a repeated request leaves an item of an order that has ended',
      was: "if (putting === 'added' && !isOwn) await activeOrders.remove(orderId, wakeUp);",
      becomes: '',
      seenBy: 'tests/engine/placing.test.ts',
    },
    {
      title: 'an order that is stored late is not looked after',
      was: 'clock() > wakeUp.at - SKEW_MS',
      becomes: 'clock() > wakeUp.at + 600_000',
      seenBy: 'tests/engine/placing.test.ts',
    },
  ]),
  ...mutantsOf('src/core/json.ts', [
    {
      title: 'a second has 1024 milliseconds',
      was: 'seconds * 1000',
      becomes: 'seconds * 1024',
      seenBy: 'tests/core/deadlines.test.ts',
    },
  ]),
  ...mutantsOf('src/core/retry.ts', [
    {
      title: 'four attempts by default',
      was: 'maxAttempts: 3',
      becomes: 'maxAttempts: 4',
      seenBy: 'tests/core/retries.test.ts',
    },
    {
      title: 'the bound of the pause triples',
      was: '2 ** (failed.attempt - 1)',
      becomes: '3 ** (failed.attempt - 1)',
      seenBy: 'tests/core/retries.test.ts',
    },
    {
      title: 'the first pause has twice the bound',
      was: '2 ** (failed.attempt - 1)',
      becomes: '2 ** failed.attempt',
      seenBy: 'tests/core/retries.test.ts',
    },
    {
      title: 'a timeout of half an hour by default',
      was: 'timeoutSeconds: 3600',
      becomes: 'timeoutSeconds: 1800',
      seenBy: 'tests/core/retries.test.ts',
    },
    {
      title: 'a budget of two days by default',
      was: 'totalSeconds: 86_400',
      becomes: 'totalSeconds: 172_800',
      seenBy: 'tests/core/retries.test.ts',
    },
  ]),
  ...mutantsOf('src/core/attempts.ts', [
    {
      title: 'an attempt that waited in its queue may wait no longer the next time',
      was: '2 * (waitedMs ?? 0)',
      becomes: '1 * (waitedMs ?? 0)',
      seenBy: 'tests/core/deadlines.test.ts',
    },
    {
      title: 'attempts are counted by two',
      was: 'attempt: task.attempt + 1',
      becomes: 'attempt: task.attempt + 2',
      seenBy: 'tests/core/retries.test.ts',
    },
  ]),
  ...mutantsOf('src/core/failed-attempt.ts', [
    {
      title: 'an attempt that never began counts after all',
      was: '(task.givenBack ?? 0) + 1',
      becomes: '(task.givenBack ?? 0) + 0',
      seenBy: 'tests/core/deadlines.test.ts',
    },
  ]),
  ...mutantsOf('src/core/overdue.ts', [
    {
      title: 'an attempt that waits in its queue is put off for an hour',
      was: 'const LEAST_PUT_OFF_MS = 60_000;',
      becomes: 'const LEAST_PUT_OFF_MS = 3_600_000;',
      seenBy: 'tests/core/deadlines.test.ts',
    },
    {
      title: 'a long wait in a queue is looked at once a minute',
      was: 'const PUT_OFF_SHARE = 1 / 4;',
      becomes: 'const PUT_OFF_SHARE = 0;',
      seenBy: 'tests/core/deadlines.test.ts',
    },
  ]),
  ...mutantsOf('src/core/repeats.ts', [
    {
      title: 'clocks are taken to agree',
      was: 'const CLOCK_SKEW_MS = 5000;',
      becomes: 'const CLOCK_SKEW_MS = 0;',
      seenBy: 'tests/engine/recall.test.ts',
    },
  ]),
  ...mutantsOf('src/core/wake-up.ts', [
    {
      title: 'timeouts of 61 seconds have timers',
      was: 'const SWEEP_MS = 60_000;',
      becomes: 'const SWEEP_MS = 61_000;',
      seenBy: 'tests/core/deadlines.test.ts',
    },
    {
      title: 'timeouts of a minute have no timers',
      was: 'const SWEEP_MS = 60_000;',
      becomes: 'const SWEEP_MS = 59_000;',
      seenBy: 'tests/core/deadlines.test.ts',
    },
  ]),
  ...mutantsOf('src/core/scaling.ts', [
    {
      title: 'a mapping gets a concurrency of 1, which Lambda refuses',
      was: 'const LEAST_CONCURRENCY = 2;',
      becomes: 'const LEAST_CONCURRENCY = 1;',
      seenBy: 'tests/core/scaling.test.ts',
    },
    {
      title: 'a plugin that fails half of the time is not failing',
      was: 'const FAILING_SHARE = 0.5;',
      becomes: 'const FAILING_SHARE = 0.51;',
      seenBy: 'tests/core/scaling.test.ts',
    },
    {
      title: 'concurrency triples',
      was: 'const STEP_UP = 2;',
      becomes: 'const STEP_UP = 3;',
      seenBy: 'tests/core/scaling.test.ts',
    },
    {
      title: 'concurrency is halved on its way down',
      was: 'const STEP_DOWN = 0.75;',
      becomes: 'const STEP_DOWN = 0.5;',
      seenBy: 'tests/core/scaling.test.ts',
    },
  ]),
  ...mutantsOf('src/core/step-expressions.ts', [
    {
      title: 'a `when` that is no boolean is shown up to one character more',
      was: 'const SHOWN_CHARACTERS = 60;',
      becomes: 'const SHOWN_CHARACTERS = 61;',
      seenBy: 'tests/core/expressions.test.ts',
    },
  ]),
  ...mutantsOf('src/core/filter-policy.ts', [
    {
      title: 'an address may have a part of 256',
      was: '+part < 256',
      becomes: '+part < 257',
      seenBy: 'tests/core/filter-policy.test.ts',
    },
    {
      title: 'a block is half as large',
      was: '2 ** (32 - Number(length))',
      becomes: '2 ** (31 - Number(length))',
      seenBy: 'tests/core/filter-policy.test.ts',
    },
  ]),
  ...mutantsOf('src/engine/outgoing-messages.ts', [
    {
      title: 'eleven plugins are invited by one message',
      was: 'const MAX_INVITED = 10;',
      becomes: 'const MAX_INVITED = 11;',
      seenBy: 'tests/engine/outgoing-messages.test.ts',
    },
    {
      title: 'a message is broadcast that is larger than SNS takes',
      was: 'const MAX_BROADCAST_BYTES = 250 * 1024;',
      becomes: 'const MAX_BROADCAST_BYTES = 257 * 1024;',
      seenBy: 'tests/engine/outgoing-messages.test.ts',
    },
    {
      title: 'a timer is set for later than SQS delays',
      was: 'const MAX_DELAY_SECONDS = 900;',
      becomes: 'const MAX_DELAY_SECONDS = 901;',
      seenBy: 'tests/engine/outgoing-messages.test.ts',
    },
  ]),
  ...mutantsOf('src/engine/sweep.ts', [
    {
      title: 'eleven orders are woken in one go',
      was: 'const BATCH = 10;',
      becomes: 'const BATCH = 11;',
      seenBy: 'tests/engine/sweep.test.ts',
    },
    {
      title: 'two sweeps may die over one order',
      was: 'const DEATHS_ALLOWED = 3;',
      becomes: 'const DEATHS_ALLOWED = 2;',
      seenBy: 'tests/engine/sweep.test.ts',
    },
    {
      title: 'four sweeps may die over one order',
      was: 'const DEATHS_ALLOWED = 3;',
      becomes: 'const DEATHS_ALLOWED = 4;',
      seenBy: 'tests/engine/sweep.test.ts',
    },
    {
      title: 'an order that was set aside is tried again after ten hours',
      was: 'const SET_ASIDE_MS = 3_600_000;',
      becomes: 'const SET_ASIDE_MS = 36_000_000;',
      seenBy: 'tests/engine/sweep.test.ts',
    },
    {
      title: 'a report names one failure more',
      was: 'const FAILURES_TOLD = 20;',
      becomes: 'const FAILURES_TOLD = 21;',
      seenBy: 'tests/engine/sweep.test.ts',
    },
  ]),
  ...mutantsOf('src/engine/too-large-results.ts', [
    {
      title: 'an optional result is stored before a mandatory one',
      was: 'optional.has(event.taskId) ? 2 : 1',
      becomes: 'optional.has(event.taskId) ? 1 : 2',
      seenBy: 'tests/engine/too-large.test.ts',
    },
  ]),
  ...mutantsOf('src/engine/wish.ts', [
    {
      title: 'a wish whose process died is finished ten minutes later',
      was: 'const UNFINISHED_AFTER_MS = 60_000;',
      becomes: 'const UNFINISHED_AFTER_MS = 600_000;',
      seenBy: 'tests/engine/unfinished-entries.test.ts',
    },
  ]),
  ...mutantsOf('src/aws/sealing.ts', [
    {
      title: 'what is sealed for one order opens for all',
      was: "createHmac('sha256', secret).update(orderId).digest()",
      becomes: "createHmac('sha256', secret).digest()",
      seenBy: 'tests/aws/sealing.test.ts',
    },
    {
      title: 'what is sealed may be changed',
      was: 'decipher.final(),',
      becomes: '',
      seenBy: 'tests/aws/sealing.test.ts',
    },
  ]),
  ...mutantsOf('src/aws/journal.ts', [
    {
      title: 'an earlier entry takes the place of a later one that is known',
      was: 'if (last !== undefined && last.entry.number >= numberOfCarried(bytes)) return;',
      becomes: '',
      seenBy: 'tests/aws/table.test.ts',
    },
    {
      title: 'an entry travels along that another tells',
      was: 'last?.entry !== entry || own?.snapshot.number !== entry.number',
      becomes: 'last?.entry !== entry || own === undefined',
      seenBy: 'tests/aws/sealing.test.ts',
    },
  ]),
  ...mutantsOf('src/app/orders/orchestrate-records.ts', [
    {
      title: 'what a message brings when it comes again is decided on',
      was: 'sealed !== undefined && !isAgain',
      becomes: 'sealed !== undefined',
      seenBy: 'tests/app/orders/orchestrate.test.ts',
    },
  ]),
  ...mutantsOf('src/sdk/perform-task.ts', [
    {
      title: 'a plugin that has sent a heartbeat brings back what is true no more',
      was: 'heartbeats.haveBegun() ? undefined : invitation.sealed',
      becomes: 'invitation.sealed',
      seenBy: 'tests/sdk/beginning.test.ts',
    },
  ]),
];

function mutantsOf(file: string, mutants: readonly Omit<ByHand, 'file'>[]): readonly ByHand[] {
  return mutants.map((mutant) => ({ file, ...mutant }));
}
