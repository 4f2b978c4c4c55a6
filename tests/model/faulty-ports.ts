import type { EnginePorts } from '../../src/engine/engine-ports.ts';
import type { ActiveOrders } from '../../src/ports/active-orders.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { Messenger, OutgoingMessage } from '../../src/ports/messenger.ts';
import type { Chance } from './chance.ts';
import type { Process } from './processes.ts';

/** Any call may fail before or after it took effect, and its caller may be overtaken or die there. */
export function faultyPorts(
  sound: EnginePorts,
  deliver: (outgoing: OutgoingMessage) => void,
  chance: Chance,
  process: Process,
  fails: number,
): EnginePorts {
  const call = async <T>(take: () => Promise<T>): Promise<T> => {
    await process.pause();
    if (chance.happens(fails)) throw new Error('throttled');
    const answer = await take();
    await process.pause();
    if (chance.happens(fails)) throw new Error('the answer was lost');
    return answer;
  };
  const journal: Journal = {
    latest: (orderId) => call(() => sound.journal.latest(orderId)),
    entries: (orderId) => call(() => sound.journal.entries(orderId)),
    newestFirst: (orderId) => sound.journal.newestFirst(orderId),
    append: (entry, previous) =>
      call(async () => {
        const stored = await sound.journal.append(entry, previous);
        // The answer was lost, and the client library has tried again by itself.
        return chance.happens(fails) ? 'taken' : stored;
      }),
  };
  const activeOrders: ActiveOrders = {
    add: (order) => call(() => sound.activeOrders.add(order)),
    arm: (orderId, wakeUp) => call(() => sound.activeOrders.arm(orderId, wakeUp)),
    remove: (orderId) => call(() => sound.activeOrders.remove(orderId)),
    pages: () => sound.activeOrders.pages(),
  };
  const messenger: Messenger = {
    async send(messages) {
      const undelivered = new Map<string, Error>();
      await process.pause();
      for (const outgoing of messages) {
        if (chance.happens(fails)) undelivered.set(outgoing.orderId, new Error('throttled'));
        else deliver(structuredClone(outgoing));
        if (chance.happens(0.3)) await process.pause();
      }
      return undelivered;
    },
  };
  return { ...sound, journal, activeOrders, messenger };
}
