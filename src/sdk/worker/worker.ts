import { takeOut } from '../batch-steps.ts';
import { whenAborted } from '../out-of-time.ts';
import { performBatch } from '../perform-batch.ts';
import type { PluginWork } from '../perform-task.ts';
import type { QueueRecord } from '../queue-record.ts';
import type { Runtime } from '../runtime.ts';
import { holdMessage } from './hold-message.ts';
import { startReports } from './reports.ts';
import type { WorkerQueue } from './worker-queue.ts';

export interface WorkerSettings {
  /** Tells the plugin's workers apart. */
  readonly worker: string;
  /** Tasks at once. */
  readonly concurrency: number;
  /** How long tasks may go on when the worker is to stop. */
  readonly graceSeconds: number;
}

/** A worker that polls. */
export interface RunningWorker {
  /** Tasks that it has. */
  busy(): number;
  /**
   * Takes no more tasks. Those that it has may end within the grace; then their signals fire, and what has not ended soon after is put off:
   * its message comes again. Resolves when nothing is left to do.
   */
  stop(): Promise<void>;
}

/** The most messages that SQS gives at once. */
const MOST_AT_ONCE = 10;

/** What tasks get between their signal and being put off. */
const STOPPING_MS = 2500;

const LONGEST_PAUSE_MS = 30_000;

/**
 * A process has no end of its own, but SQS hides no message for longer than 12 hours. An attempt's deadline is earlier:
 * `batonflow/plugin-resources` refuses a longer `timeoutSeconds` for a container.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
const LONGEST_HOLD_MS = 12 * 60 * 60 * 1000;

const STOPPED = Symbol('stopped');

/**
 * Performs a plugin's tasks from its queue, as a Lambda does from its event source mapping, but without an end of its own:
 *
 * 1. It asks for no more messages than it has room for, so that none waits in a worker; an ordered plugin for one at a time, since SQS would
 *    give it several of a line.
 * 2. A message stays hidden while its task is in work. If the worker dies, the message comes again within a minute.
 * 3. Each message is a batch of its own for `performBatch`, which answers it, or sees to it that it comes again.
 * 4. Only a message that was answered, or that nobody awaits any more, is deleted.
 */
export function startWorker<Input, Result>(
  work: PluginWork<Input, Result>,
  { worker, concurrency, graceSeconds }: WorkerSettings,
  queue: WorkerQueue,
  connected: Runtime,
): RunningWorker {
  const [stop, tell, putOff] = [
    new AbortController(),
    new AbortController(),
    new AbortController(),
  ];
  const stopping = { tell: tell.signal, putOff: putOff.signal };
  const runtime: Runtime = { ...connected, instance: worker, stopping };
  const { clock, log, plugin } = runtime;
  const inWork = new Set<Promise<void>>();
  const busy = () => inWork.size;

  let tellFreed: () => void = () => undefined;

  const begin = (record: QueueRecord) => {
    const performing = performHeld(work, record, queue, runtime)
      .catch((error: unknown) => {
        log({ level: 'error', message: 'a message comes again', plugin, reason: String(error) });
      })
      .finally(() => {
        inWork.delete(performing);
        tellFreed();
      });
    inWork.add(performing);
  };
  const giveBack = (records: readonly QueueRecord[]) =>
    Promise.all(records.map((record) => queue.hide(record, 0).catch(() => undefined)));

  const poll = async () => {
    let failures = 0;
    while (!stop.signal.aborted) {
      const room = concurrency - inWork.size;
      if (room === 0) {
        const { promise: freed, resolve } = Promise.withResolvers<void>();
        tellFreed = resolve;
        await unlessStopped(freed, stop.signal);
        continue;
      }
      const receiving = queue.receive(runtime.ordered ? 1 : Math.min(room, MOST_AT_ONCE));
      const received = await unlessStopped(
        receiving.catch((error: unknown) => error as Error),
        stop.signal,
      );
      if (received === STOPPED) {
        receiving.then(giveBack).catch(() => undefined);
      } else if (received instanceof Error) {
        const pauseMs = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** failures);
        failures += 1;
        const message = 'the queue could not be polled';
        log({ level: 'error', message, plugin, worker, pauseMs, reason: String(received) });
        await unlessStopped(pause(pauseMs, clock), stop.signal);
      } else {
        failures = 0;
        received.forEach(begin);
      }
    }
  };
  const polling = poll();
  const reports = startReports({ worker, concurrency, busy }, runtime);

  return {
    busy,
    async stop() {
      stop.abort();
      const cancelTell = clock.after(graceSeconds * 1000, () => tell.abort());
      const cancelPutOff = clock.after(graceSeconds * 1000 + STOPPING_MS, () => putOff.abort());
      await polling;
      await Promise.all(inWork);
      cancelTell();
      cancelPutOff();
      await reports.end();
    },
  };
}

/** Performs the task of one message, which is hidden all the while. */
async function performHeld<Input, Result>(
  work: PluginWork<Input, Result>,
  record: QueueRecord,
  queue: WorkerQueue,
  runtime: Runtime,
): Promise<void> {
  const hold = holdMessage(record, queue, runtime);
  const delayRecord: Runtime['delayRecord'] = async (one, seconds) => {
    await hold.release();
    await runtime.delayRecord(one, seconds);
  };
  const held = { ...runtime, delayRecord };
  const { batchItemFailures } = await performBatch(work, [record], LONGEST_HOLD_MS, held).finally(
    hold.release,
  );
  if (batchItemFailures.length === 0) await takeOut(record, runtime);
}

function pause(ms: number, { after }: Runtime['clock']): Promise<void> {
  return new Promise((resolve) => void after(ms, resolve));
}

async function unlessStopped<T>(
  pending: Promise<T>,
  stop: AbortSignal,
): Promise<T | typeof STOPPED> {
  const { promise, resolve } = Promise.withResolvers<typeof STOPPED>();
  const forget = whenAborted(stop, () => resolve(STOPPED));
  try {
    return await Promise.race([pending, promise]);
  } finally {
    forget();
  }
}
