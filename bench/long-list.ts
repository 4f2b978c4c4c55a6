import { startMeasuredSystem } from './measured-system.ts';
import { call } from './orders.ts';

/** One order with a task for each element of a long list. */
export interface LongList {
  readonly elements: number;
  /** The child orders that do them. */
  readonly slices: number;
  /** From the request to the end of the order. */
  readonly seconds: number;
  /** Journal entries of the order itself. */
  readonly entries: number;
}

/** A busy machine takes so long for it. */
const LONG_MS = 1_800_000;

export async function measureLongList(
  quick: boolean,
  say: (line: string) => void,
): Promise<LongList> {
  const elements = quick ? 1000 : 10_000;
  const system = await startMeasuredSystem({ plugins: 1, counting: false });
  try {
    const step = { plugin: 'p1', forEach: `[1..${elements}]`, input: '{"bytes": 16}' };
    const definition = { activities: [{ name: 'all', parallel: [step] }] };
    await call(system.apiUrl, 'PUT', '/workflows/long', definition);
    const startedAt = Date.now();
    const order = { workflow: 'long', input: null };
    const { orderId } = await call<{ orderId: string }>(system.apiUrl, 'POST', '/orders', order);
    await system.quiet(LONG_MS);
    const { status, children, timeline } = await call<{
      status: string;
      children: readonly object[];
      timeline: readonly { entry: number; at: string }[];
    }>(system.apiUrl, 'GET', `/orders/${orderId}`);
    const end = timeline.at(-1);
    if (status !== 'completed' || end === undefined) throw new Error(`the order is ${status}`);
    const seconds = (Date.parse(end.at) - startedAt) / 1000;
    say(`a list of ${elements} elements took ${seconds.toFixed(1)} s`);
    return { elements, slices: children.length, seconds, entries: end.entry + 1 };
  } finally {
    await system.stop();
  }
}
