// `npx baton orders --all --json | npx node examples/running-system/count-jobs.ts`: counts the orders by their jobs.
import { text } from 'node:stream/consumers';

const api = process.env.BATON_API ?? 'http://localhost:3000';
const { orders } = JSON.parse(await text(process.stdin)) as { orders: { orderId: string }[] };
const counts = new Map<string, number>();
for (const { orderId } of orders) {
  const order = await (await fetch(`${api}/orders/${orderId}`)).json();
  const { status, jobs } = order as { status: string; jobs: object };
  const line = `${status}: ${Object.keys(jobs).join(', ')}`;
  counts.set(line, (counts.get(line) ?? 0) + 1);
}
for (const [line, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`${String(count).padStart(5)}  ${line}`);
