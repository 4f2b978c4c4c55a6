import { defined } from '../../core/defined.ts';
import type { AddCommand } from '../command.ts';
import { action, readCount } from '../command.ts';
import { formatInstant, formatMs } from '../durations.ts';
import type { FilterOptions } from '../order-filter.ts';
import { filterQuery, withFilterOptions } from '../order-filter.ts';
import { allPages } from '../pages.ts';
import type { OrderPage, OrderSummary } from '../responses.ts';
import { formatStatus } from '../status-colours.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { formatWorkflow, wholeJson } from '../value-pictures.ts';

interface ListOptions extends FilterOptions {
  readonly stuck?: true;
  readonly limit: number;
  readonly all?: boolean;
}

/** The API lists at most this many orders in one page. */
const LARGEST_PAGE = 100;

/** `baton orders` */
export const addOrders: AddCommand = (program, setExitCode) => {
  withFilterOptions(program.command('orders').description('list orders, newest first'))
    .option('--stuck', 'only orders that have had no progress for longer than their bound')
    .option('--limit <count>', 'at most this many', readCount, 20)
    .option('--all', 'all of them')
    .action(
      action(setExitCode, async ({ api, terminal }, options: ListOptions) => {
        const filter: [string, string][] = [
          ...filterQuery(options),
          ...(options.stuck ? [['stuck', 'true'] as [string, string]] : []),
        ];
        const page: OrderPage =
          options.all === true
            ? await allPages(api, '/orders', 'orders', [...filter, ['limit', String(LARGEST_PAGE)]])
            : await upTo(options.limit, (query) =>
                api.get<OrderPage>(
                  `/orders?${new URLSearchParams([...filter, ...Object.entries(query)])}`,
                ),
              );
        terminal.result(page, () => draw(page, terminal));
        return undefined;
      }),
    );
};

/** Up to `limit` orders, from as many pages as that takes. */
async function upTo(
  limit: number,
  read: (query: Record<string, string>) => Promise<OrderPage>,
): Promise<OrderPage> {
  const orders: OrderSummary[] = [];
  let next: string | undefined;
  do {
    const size = String(Math.min(limit - orders.length, LARGEST_PAGE));
    const page: OrderPage = await read({ limit: size, ...defined({ next }) });
    orders.push(...page.orders);
    next = page.next;
  } while (next !== undefined && orders.length < limit);
  return { orders, ...defined({ next }) };
}

function draw({ orders, next }: OrderPage, terminal: Terminal): string {
  if (orders.length === 0) return 'no orders';
  const { paint } = terminal;
  const picture = table(
    orders,
    [
      { title: 'order', value: ({ orderId }) => orderId },
      { title: 'status', value: ({ status }) => formatStatus(status, paint) },
      { title: 'workflow', value: ({ workflow }) => formatWorkflow(workflow), flexible: true },
      { title: 'client', value: ({ client }) => client, flexible: true, optional: true },
      { title: 'accepted', value: ({ acceptedAt }) => formatInstant(acceptedAt) },
      { title: 'took', value: took, align: 'right' },
      {
        title: 'tasks',
        value: ({ tasks }) => tasks && `${tasks.done}/${tasks.total}`,
        align: 'right',
        optional: true,
      },
      {
        title: 'attributes',
        value: ({ attributes = {} }) =>
          Object.keys(attributes).length > 0 ? wholeJson(attributes) : undefined,
        flexible: true,
        optional: true,
      },
      {
        title: 'error',
        value: ({ error }) => error && `${error.code} (${error.plugin})`,
        flexible: true,
        optional: true,
      },
      { title: 'paused', value: formatPaused, flexible: true, optional: true },
      { title: 'stuck', value: formatStuck, flexible: true, optional: true },
    ],
    terminal,
  );
  return next === undefined
    ? picture
    : `${picture}\n${paint('dim', 'more orders: --limit, --all')}`;
}

function took({ acceptedAt, endedAt }: OrderSummary): string | undefined {
  const since = Date.parse(acceptedAt);
  return endedAt === undefined
    ? `${formatMs(Date.now() - since)} so far`
    : formatMs(Date.parse(endedAt) - since);
}

/** Who has paused it, and why; what paused instead of failing has an error. */
function formatPaused({ paused }: OrderSummary): string | undefined {
  const who = paused?.operation ?? paused?.by;
  if (who === undefined) return undefined;
  return `by ${who}${paused?.reason === undefined ? '' : `: ${paused.reason}`}`;
}

function formatStuck({ stuck }: OrderSummary): string | undefined {
  return stuck && `${stuck.why} since ${formatInstant(stuck.since)}`;
}
