import type { QueueRecord } from '../queue-record.ts';
import type { Runtime } from '../runtime.ts';
import type { WorkerQueue } from './worker-queue.ts';

/** If its worker dies, a message comes again after this time at the latest. */
export const HIDDEN_SECONDS = 60;

/** Two renewals may fail before the message comes again. */
const RENEW_EVERY_MS = 20_000;

/** A message that a worker keeps from all others while it works on it. */
export interface Hold {
  /** Renews no more. A renewal that is under way has ended then. */
  release(): Promise<void>;
}

/** Keeps a message hidden until it is released, however long that takes. A renewal that fails is logged, and the next one tries again. */
export function holdMessage(
  record: QueueRecord,
  { hide }: Pick<WorkerQueue, 'hide'>,
  { clock, log, plugin }: Pick<Runtime, 'clock' | 'log' | 'plugin'>,
): Hold {
  let released = false;
  let cancelTimer: () => void;
  let renewing: Promise<void> = Promise.resolve();

  const renew = async () => {
    try {
      await hide(record, HIDDEN_SECONDS);
    } catch (error) {
      const message = 'a message could not be kept hidden';
      const { messageId } = record;
      log({ level: 'warn', message, plugin, messageId, reason: String(error) });
    }
    if (!released) renewLater();
  };
  const renewLater = () => {
    cancelTimer = clock.after(RENEW_EVERY_MS, () => {
      renewing = renew();
    });
  };
  renewLater();

  return {
    async release() {
      released = true;
      cancelTimer();
      await renewing;
    },
  };
}
