import type { OrderEvent } from '../../src/core/event.ts';
import type { Json } from '../../src/core/json.ts';
import type { Activity, Step } from '../../src/core/workflow.ts';
import type { ChildDue } from '../../src/engine/tending-children.ts';
import { tendChild } from '../../src/engine/tending-children.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

const stageOf = (...pre: Step[]): Activity => ({ name: 'a', pre, parallel: [], post: [] });

/** What a child does, unless a test says otherwise. */
const CHILD: readonly Activity[] = [{ name: 'b', pre: [{ plugin: 'D' }], parallel: [], post: [] }];

/**
 * An order `o` whose first task is the order `o~t1` of the workflow `child`, before that is placed; and a record of how many entries of
 * whose journal have been read one by one.
 */
export async function family({
  steps = [{ workflow: 'child' }],
  child = CHILD,
  activities = [stageOf(...steps)],
  input = 1,
  client,
}: {
  readonly steps?: Step[];
  readonly child?: readonly Activity[];
  readonly activities?: readonly Activity[];
  readonly input?: Json;
  readonly client?: string;
} = {}) {
  const plugins = ['A', 'B', 'C', 'D'].map((name) =>
    plugin(name, { registeredAt: 0, compensates: true }),
  );
  const world = await orderWorld(activities, plugins);
  const { journal, workflows } = world.ports;
  await workflows.put({ name: 'child', on: [], activities: child });
  const read = new Map<string, number>();
  const { newestFirst } = journal;
  journal.newestFirst = async function* (orderId) {
    for await (const entry of newestFirst(orderId)) {
      read.set(orderId, (read.get(orderId) ?? 0) + 1);
      yield entry;
    }
  };
  await world.place('o', input, undefined, client);
  await world.advance('o', world.accepted());
  const due = (message: Partial<ChildDue> = {}) =>
    tendChild(
      { orderId: 'o', child: 'o~t1', isAgain: false, sentAt: world.now(), ...message },
      world.ports,
    );
  const state = async (orderId = 'o') => (await journal.latest(orderId))?.state;
  return {
    ...world,
    due,
    state,
    read: (orderId: string) => read.get(orderId) ?? 0,
    /** Gives the orders what is due to them. */
    async tend(message: Partial<ChildDue> = {}) {
      for (const [orderId, event] of await due(message)) await world.advance(orderId, event);
    },
    /** Places the child and lets it begin. */
    async begin(id = 'o~t1') {
      await due({ child: id });
      return world.advance(id, world.accepted());
    },
    act: (
      type: 'PauseRequested' | 'ResumeRequested' | 'CancelRequested' | 'RetryRequested',
      more: object = {},
    ): OrderEvent => ({
      ...{ type, at: world.now(), actId: `${type} ${world.now()}`, askedAt: world.now() },
      ...more,
    }),
    broken: (taskId: string, attempt = 1): OrderEvent => ({
      ...{ type: 'TaskFailed', at: world.now(), taskId, attempt, retry: 'never' },
      error: { code: 'BROKEN', message: 'it broke' },
    }),
  };
}
