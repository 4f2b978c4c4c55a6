import { startMeasuredSystem } from './measured-system.ts';
import { call } from './orders.ts';

/** An order, its child orders, and theirs. */
export interface Tree {
  readonly orders: number;
  /** Children of the first order. */
  readonly branches: number;
  /** Children of each of those. */
  readonly leaves: number;
  /** From the request to the end of the first order, which is the last to end. */
  readonly seconds: number;
  /** Journal entries of the first order. */
  readonly entries: number;
}

/** A busy machine takes so long for a tree. */
const LONG_MS = 1_800_000;

export async function measureTree(quick: boolean, say: (line: string) => void): Promise<Tree> {
  const [branches, leaves] = quick ? [9, 10] : [27, 36];
  const orders = 1 + branches * (1 + leaves);
  const system = await startMeasuredSystem({ plugins: 1, counting: false });
  try {
    for (const [name, stages] of Object.entries(workflows(branches, leaves))) {
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
    return { orders, branches, leaves, seconds, entries: end.entry + 1 };
  } finally {
    await system.stop();
  }
}

function workflows(branches: number, leaves: number) {
  return {
    leaf: { pre: ['p1'] },
    branch: { parallel: [{ workflow: 'leaf', forEach: `[1..${leaves}]`, input: '{"bytes": 16}' }] },
    trunk: { parallel: [{ workflow: 'branch', forEach: `[1..${branches}]` }] },
  };
}
