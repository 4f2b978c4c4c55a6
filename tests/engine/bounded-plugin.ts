import type { OrderEvent } from '../../src/core/event.ts';
import type { Plugin } from '../../src/core/plugin.ts';
import { tendTurns } from '../../src/engine/tending-turns.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import type { Turns } from '../../src/ports/turns.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

export const OF = { plugin: 'A', client: 'shop' };

/** A, which takes so many tasks of one client at once. */
export function boundOf(tasksPerClient: number | undefined, more: Partial<Plugin> = {}): Plugin {
  const bound = tasksPerClient === undefined ? {} : { tasksPerClient };
  return plugin('A', { registeredAt: 0, ...bound, ...more });
}

/** A world in which A takes so many tasks of one client at once, and a record of the calls that turns cost. */
export async function bounded(
  tasksPerClient: number | undefined,
  more: Partial<Plugin> = {},
  steps: Parameters<typeof orderWorld>[0] = ['A'],
) {
  const a = boundOf(tasksPerClient, more);
  const world = await orderWorld(steps, [a, plugin('B', { registeredAt: 0 })]);
  const { ports } = world;
  const calls: string[] = [];
  const recorded = Object.fromEntries(
    Object.entries(ports.turns).map(([name, call]) => [
      name,
      (...args: unknown[]) => {
        calls.push(name);
        return (call as (...given: unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as Turns;
  Object.assign(ports, { turns: recorded });
  if (tasksPerClient !== undefined) await ports.boundedPlugins.add('A');
  return {
    ...world,
    start: async (orderId: string, client?: string) => {
      await world.place(orderId, 1, undefined, client);
      await world.advance(orderId, world.accepted());
    },
    calls: () => calls.splice(0),
    /** The orders that have been told that their turn has come. */
    released: () =>
      ports.messenger.sent
        .splice(0)
        .flatMap((message) => (isRelease(message) ? [message.body] : [])),
    taken: async () => (await ports.turns.of(OF)).taken.map(({ orderId }) => orderId).sort(),
    waiting: async () => (await ports.turns.first(OF, 100)).map(({ orderId }) => orderId),
    sweep: () =>
      tendTurns(ports, (_, error) => {
        throw error;
      }),
  };
}

export type Release = Extract<OutgoingMessage['body'], { readonly type: 'TaskReleased' }>;

function isRelease(message: OutgoingMessage): message is OutgoingMessage & { body: Release } {
  return 'type' in message.body && message.body.type === 'TaskReleased';
}

/** The event that tells the task that its turn has come. */
export const told = ({ plugin: name, parkedIn, task }: Release, at: number): OrderEvent => ({
  ...({ type: 'TaskReleased', at, plugin: name, parkedIn } as const),
  ...(task !== undefined && { task }),
});
