import { setTimeout as pause } from 'node:timers/promises';
import { startProgress } from '../../src/cli/progress.ts';
import { until } from '../local/until.ts';
import type { OrderSystem } from '../stack/order-system.ts';
import { countEnded } from './checks.ts';

/** A task that was lost with its instance comes again after a minute, and its order may lose some of them; and machines are slow at times. */
const ENDS_WITHIN_MS = 30 * 60_000;

/** Longer than everything that an order of these waits for by itself. */
const STANDS_STILL_MS = 8 * 60_000;

const ASK_EVERY_MS = 1000;

/**
 * Waits until so many orders have ended, and shows how far it has come; says so if they do not.
 * @param meanwhile is done each time before it looks, and says whether there is nothing else to wait for
 */
export async function untilAllEnd(
  system: OrderSystem,
  orders: number,
  meanwhile: () => Promise<boolean> = async () => true,
): Promise<void> {
  const terminal = { json: false, interactive: process.stderr.isTTY, note: console.error };
  const progress = startProgress('ended', orders, terminal);
  let [last, since] = [-1, 0];
  await until(
    'all orders end',
    async () => {
      await pause(ASK_EVERY_MS);
      const isAllElseDone = await meanwhile();
      const ended = await countEnded(system);
      progress.update(ended);
      if (ended !== last) [last, since] = [ended, performance.now()];
      if (performance.now() - since > STANDS_STILL_MS) {
        throw new Error(`no order has ended for ${STANDS_STILL_MS / 60_000} minutes`);
      }
      return isAllElseDone && ended >= orders;
    },
    ENDS_WITHIN_MS,
  ).catch((error: Error) => console.log(error.message));
  progress.end();
}
