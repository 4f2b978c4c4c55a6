import type { QueueGauge, QueueGauges } from '../../aws/queue-gauges.ts';
import type { Plugin } from '../../core/plugin.ts';
import type { ActiveOrders, Registry } from '../../engine/ports.ts';
import { httpApi } from '../http/http-api.ts';

export interface StatusPorts {
  readonly activeOrders: Pick<ActiveOrders, 'pages'>;
  readonly registry: Registry;
  readonly queueGauges: QueueGauges;
}

/** Ad-hoc orders run workflows named by a hash each: they are counted as one. */
const AD_HOC = 'todo-*';

export function makeStatus(ports: StatusPorts) {
  return httpApi([
    {
      method: 'GET',
      path: '/status',
      handle: async () => {
        const [orders, plugins] = await Promise.all([countOrders(ports), gaugePlugins(ports)]);
        const sum = (of: (gauge: QueueGauge) => number) =>
          plugins.reduce((total, { gauge }) => total + (gauge === undefined ? 0 : of(gauge)), 0);
        return {
          status: 200,
          body: {
            orders,
            tasks: { queued: sum(queued), inFlight: sum(({ inFlight }) => inFlight) },
            plugins: plugins.map(({ plugin: { name, concurrency }, gauge }) => ({
              name,
              ...(gauge && { queued: queued(gauge), inFlight: gauge.inFlight }),
              concurrency,
            })),
            bottleneck: bottleneckOf(plugins),
          },
        };
      },
    },
  ]);
}

async function countOrders({ activeOrders }: StatusPorts) {
  const byWorkflow: Record<string, number> = {};
  let active = 0;
  for await (const page of activeOrders.pages()) {
    for (const { workflow } of page) {
      const name = workflow.name.startsWith('todo-') ? AD_HOC : workflow.name;
      byWorkflow[name] = (byWorkflow[name] ?? 0) + 1;
      active += 1;
    }
  }
  return { active, byWorkflow };
}

interface Gauged {
  readonly plugin: Plugin;
  readonly gauge: QueueGauge | undefined;
}

async function gaugePlugins({ registry, queueGauges }: StatusPorts): Promise<readonly Gauged[]> {
  const registered = [...(await registry.plugins({ fresh: true })).values()];
  const gauges = await queueGauges.read(registered.map(({ queueUrl }) => queueUrl));
  return registered
    .map((plugin) => ({ plugin, gauge: gauges.get(plugin.queueUrl) }))
    .sort((a, b) => (a.plugin.name < b.plugin.name ? -1 : 1));
}

/** Messages that wait for an instance, whether they are due or not. */
const queued = ({ visible, delayed }: QueueGauge): number => visible + delayed;

/** The plugin whose queue its instances would need the most rounds to empty, if any needs more than one. */
function bottleneckOf(plugins: readonly Gauged[]): string | null {
  const rounds = ({ plugin, gauge }: Gauged) =>
    (gauge === undefined ? 0 : queued(gauge)) / plugin.concurrency.ceiling;
  const [most] = [...plugins].sort((a, b) => rounds(b) - rounds(a));
  return most !== undefined && rounds(most) > 1 ? most.plugin.name : null;
}
