import type { Json } from '../../src/core/json.ts';

/** One order, and what must become of it. */
export interface Expected {
  readonly orderId: string;
  readonly input: number;
  /** A list of plugins, or else a workflow. */
  readonly todo?: string;
  readonly workflow?: string;
  readonly result: Json;
  readonly jobs: Readonly<Record<string, Json>>;
}

/** Workflows that wait between two plugins, so that orders are under way for minutes, whatever the machine. */
const WAITS = { soon: '3s', later: '25s', late: '70s' } as const;

export const WORKFLOWS: Readonly<Record<string, object>> = Object.fromEntries(
  Object.entries(WAITS).map(([name, wait]) => {
    const post = [{ plugin: 'A', input: 'payload.A * 1000 + payload.B' }];
    return [
      name,
      { activities: [{ name: 'go', pre: ['A', { wait }], parallel: ['A', 'B'], post }] },
    ];
  }),
);

const add = (n: number) => n + 2;
const double = (n: number) => n * 2;

/** Each kind of order by its input: what it names, its result, and what each of its jobs comes to. */
const KINDS: readonly ((n: number) => Omit<Expected, 'orderId' | 'input'>)[] = [
  (n) => ({ todo: 'A;B', result: double(add(n)), jobs: { A: add(n), B: double(add(n)) } }),
  (n) => {
    const results = { A: add(add(n)), B: double(add(n)) };
    return { todo: 'A;A|B', result: results, jobs: { A: add(n), 'A#2': results.A, B: results.B } };
  },
  (n) => {
    const [one, two, three] = [double(n), add(double(n)), double(add(double(n)))];
    const jobs = { B: one, A: two, 'B#2': three, 'A#2': add(three) };
    return { todo: 'B;A;B;A', result: add(three), jobs };
  },
  ...Object.keys(WAITS).map((workflow) => (n: number) => {
    const [one, two, three] = [add(n), add(add(n)), double(add(n))];
    const jobs = { A: one, 'A#2': two, B: three, 'A#3': add(two * 1000 + three) };
    return { workflow, result: jobs['A#3'], jobs };
  }),
];

/** So many orders, of each kind in turn. */
export function workload(count: number): readonly Expected[] {
  return Array.from({ length: count }, (_, n) => {
    const kind = KINDS[n % KINDS.length] as (typeof KINDS)[number];
    return { orderId: `order-${n}`, input: n, ...kind(n) };
  });
}

/** The orders as a client's file. */
export function csvOf(orders: readonly Expected[]): string {
  const rows = orders.map(({ orderId, input, todo = '', workflow = '' }) =>
    [orderId, input, todo, workflow].join(','),
  );
  return ['orderId,input,todo,workflow', ...rows, ''].join('\n');
}
