import { startMeasuredSystem } from './measured-system.ts';
import { call } from './orders.ts';

/** An order, its child orders, and theirs. */
export interface Tree {
  readonly orders: number;
  /** Children of the first order, and of each of those. */
  readonly children: readonly [number, number];
  /** From the request to the end of the first order, which is the last to end. */
  readonly seconds: number;
  /** Journal entries of the first order. */
  readonly entries: number;
}

/** A busy machine takes so long for a tree. */
const LONG_MS = 1_800_000;

export async function measureTree(quick: boolean, say: (line: string) => void): Promise<Tree> {
  const children = quick ? ([9, 10] as const) : ([27, 36] as const);
  const orders = 1 + children[0] * (1 + children[1]);
  const system = await startMeasuredSystem({ plugins: 1, counting: false });
  try {
    for (const [name, stages] of Object.entries(workflows(children))) {
      const definition = { activities: [{ name: 'grow', ...stages }] };
      await call(system.apiUrl, 'PUT', `/workflows/${name}`, definition);
    }
    const startedAt = Date.now();
    const { orderId } = await call<{ orderId: string }>(
      ...([system.apiUrl, 'POST', '/orders', { workflow: 'trunk', input: null }] as const),
    );
    await system.quiet(LONG_MS);
    const { status, timeline } = await call<{
      status: string;
      timeline: { entry: number; at: string }[];
    }>(system.apiUrl, 'GET', `/orders/${orderId}`);
    const end = timeline.at(-1);
    if (status !== 'completed' || end === undefined) throw new Error(`the tree is ${status}`);
    const seconds = (Date.parse(end.at) - startedAt) / 1000;
    say(`a tree of ${orders} orders took ${seconds.toFixed(1)} s`);
    return { orders, children, seconds, entries: end.entry + 1 };
  } finally {
    await system.stop();
  }
}

function workflows([branches, leaves]: Tree['children']) {
  return {
    leaf: { pre: ['p1'] },
    branch: { parallel: [{ workflow: 'leaf', forEach: `[1..${leaves}]`, input: '{"bytes": 16}' }] },
    trunk: { parallel: [{ workflow: 'branch', forEach: `[1..${branches}]` }] },
  };
}
