import { json } from '../../src/cli/api.ts';
import type { BatchReceipt, OrderView, StatusView } from '../../src/cli/responses.ts';
import { drawEvery } from './picture.ts';
import { lookUntil, pluginIn, type Workshop } from './workshop.ts';

export const ORDERS = 300;
const ROUND_LIMIT_MS = 120_000;
const CLEARED_LIMIT_MS = 20_000;

/** A round of orders through one of the two engravers. */
export interface Round {
  readonly seconds: number;
  /** The most instances that ran on this machine at once. */
  readonly mostInstances: number;
  /** The same in `GET /status`, which has it from CloudWatch. */
  readonly mostInstancesInStatus: number;
  /** The highest maximum concurrency that `GET /status` showed. */
  readonly mostConcurrency: number;
  /** Plugins that `GET /status` called a bottleneck. */
  readonly named: ReadonlySet<string>;
}

/** Sends 300 orders at once, watches until all are done, and checks every result. */
export async function playRound(
  workshop: Workshop,
  names: {
    readonly workflow: string;
    readonly plugin: string;
    readonly functionKey: string;
    readonly lineMs: number;
  },
): Promise<Round> {
  const { api, checks, terminal, instances } = workshop;
  const since = performance.now();
  const draw = drawEvery(names.lineMs, terminal);
  const orders = Array.from({ length: ORDERS }, (_, index) => ({
    workflow: names.workflow,
    input: { text: `piece ${index}` },
  }));
  const { body } = await api.post<BatchReceipt>('/orders', json(orders));
  checks.equal('rejected orders', body.rejected, []);

  const named = new Set<string>();
  const most = { instances: 0, inStatus: 0, concurrency: 0 };
  await lookUntil(`${ORDERS} orders are done`, ROUND_LIMIT_MS, async () => {
    const [status, counts] = await Promise.all([api.get<StatusView>('/status'), instances()]);
    const plugin = pluginIn(status, names.plugin);
    const count = counts[names.functionKey] ?? 0;
    most.instances = Math.max(most.instances, count);
    most.inStatus = Math.max(most.inStatus, plugin.instances ?? 0);
    most.concurrency = Math.max(most.concurrency, plugin.concurrency.now);
    for (const { name, health } of status.plugins) if (health === 'bottleneck') named.add(name);
    const left = status.orders.byWorkflow[names.workflow] ?? 0;
    draw(left, plugin, count);
    return left === 0;
  });
  const seconds = (performance.now() - since) / 1000;

  await checkResults(workshop, body);
  await untilAlarmsEnd(workshop);
  return {
    seconds,
    mostInstances: most.instances,
    mostInstancesInStatus: most.inStatus,
    mostConcurrency: most.concurrency,
    named,
  };
}

async function checkResults({ api, checks }: Workshop, { accepted }: BatchReceipt): Promise<void> {
  const right: boolean[] = [];
  for (const [index, { orderId }] of accepted.entries()) {
    const { status, result } = await api.get<OrderView>(`/orders/${orderId}`);
    const expected = { text: `piece ${index}`, steps: ['received', 'engraved', 'wrapped'] };
    right.push(
      checks.equal(
        `order ${orderId}`,
        { status, result },
        { status: 'completed', result: expected },
      ),
    );
  }
  checks.equal('orders accepted', right.length, ORDERS);
  checks.pass(`${right.length} orders completed, each piece engraved once`, ...right);
}

/** Waits until the alarms end, a little later than the work. */
async function untilAlarmsEnd({ api }: Workshop): Promise<void> {
  await lookUntil('the alarms are quiet', CLEARED_LIMIT_MS, async () => {
    const { plugins } = await api.get<StatusView>('/status');
    return plugins.every(({ health }) => health !== 'bottleneck');
  });
}
