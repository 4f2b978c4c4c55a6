import { defined } from '../../src/core/defined.ts';
import type { OrderEvent } from '../../src/core/event.ts';
import type { Json } from '../../src/core/json.ts';
import type { Trace } from '../../src/core/order.ts';
import type { Plugin } from '../../src/core/plugin.ts';
import type { Activity, Todo } from '../../src/core/workflow.ts';
import { activitiesOf } from '../../src/core/workflow.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import { placeAll } from '../../src/engine/placing.ts';
import type { ActiveOrder } from '../../src/ports/active-orders.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import type { Traces } from '../../src/ports/traces.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { plugin } from '../ports/registry.contract.ts';

const T0 = Date.UTC(2026, 10, 25);

/** Orders in memory, and a clock that goes on only when it is told to. */
export async function orderWorld(
  steps: Todo | readonly Activity[],
  plugins: readonly Plugin[] = ['A', 'B', 'C'].map((name) => plugin(name, { registeredAt: 0 })),
  traces?: Traces,
) {
  let now = T0;
  const memory = createMemoryPorts(() => now, plugins);
  const ports = traces === undefined ? memory : { ...memory, traces };
  const isTodo = (one: Todo | readonly Activity[]): one is Todo =>
    one.every((item) => typeof item === 'string' || Array.isArray(item));
  const activities = isTodo(steps) ? activitiesOf(steps) : steps;
  const { workflow } = await ports.workflows.put({ name: 'some', on: [], activities });
  const { name, version } = workflow;

  return {
    ports,
    now: () => now,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    async place(orderId: string, input: Json = 1, trace?: Trace, client?: string): Promise<void> {
      const placed = { type: 'OrderPlaced', at: now, orderId, fingerprint: '' } as const;
      const traced = defined({ trace, client });
      await placeAll(
        [{ ...placed, input, attributes: {}, workflow: { name, version }, ...traced }],
        ports,
      );
    },
    /** The order's state after the events. */
    async advance(orderId: string, ...events: OrderEvent[]) {
      const { outcomes, failures } = await advanceOrders(new Map([[orderId, events]]), ports);
      const failure = failures.get(orderId);
      if (failure !== undefined) throw failure;
      const outcome = outcomes.get(orderId);
      return outcome?.known ? outcome.state : undefined;
    },
    accepted: (): OrderEvent => ({ type: 'OrderAccepted', at: now }),
    completed: (taskId: string, result: Json = 1, attempt = 1): OrderEvent => ({
      ...{ type: 'TaskCompleted', at: now, taskId, attempt, result },
    }),
    /** The first attempt of the task asks to be tried again after so long. */
    busy: (taskId: string, afterSeconds: number): OrderEvent => ({
      ...{ type: 'TaskFailed', at: now, taskId, attempt: 1 },
      ...{ error: { code: 'BUSY', message: 'later' }, retry: 'later', afterSeconds },
    }),
    /** What has been sent since it was asked for last, in few words. */
    sent: (): readonly string[] => ports.messenger.sent.splice(0).map(inWords),
    async active() {
      const orders: ActiveOrder[] = [];
      for await (const page of ports.activeOrders.due(Infinity)) orders.push(...page);
      return orders;
    },
  };
}

function inWords(message: OutgoingMessage): string {
  switch (message.to) {
    case 'plugin':
    case 'broadcast':
      return `task ${Object.values(message.body.invited)
        .map(({ job, attempt }) => `${job}·${attempt}`)
        .join(' ')}`;
    case 'orchestrator':
      return 'type' in message.body ? message.body.type : 'answers';
    case 'lifecycle':
      return message.body.type;
  }
}
