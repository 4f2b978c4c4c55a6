import { parse } from '../../contract/parse.ts';
import { attributesIn, orderListQuerySchema, withAttributes } from '../../contract/requests.ts';
import { defined } from '../../core/defined.ts';
import type { JournalEntry } from '../../core/journal-entry.ts';
import type { WorkflowRef } from '../../core/order.ts';
import type { Clients } from '../../ports/clients.ts';
import type { LogLinks } from '../../ports/log-links.ts';
import type { MasterSecret } from '../../ports/master-secret.ts';
import type { OrderList, OrderPage, OrderSummary } from '../../ports/order-list.ts';
import { noOrder, orderIdIn } from '../access/permissions.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { hasAlready } from '../http/etag.ts';
import type { Route, TokenRoute } from '../http/http-api.ts';
import { httpApi } from '../http/http-api.ts';
import { iso } from '../http/iso.ts';
import { planWorkflow } from '../workflows/plan-workflow.ts';
import { listVersions } from '../workflows/workflow-versions.ts';
import { type ActPorts, actRoutes } from './acts-api.ts';
import { callbackRoutes } from './callbacks-api.ts';
import { filterOf } from './filter-of-request.ts';
import { viewRow } from './order-view.ts';
import { showOrder } from './show-order.ts';
import { stuckOrders } from './stuck-orders.ts';
import { showTask } from './task-api.ts';

export interface OrdersPorts extends ActPorts {
  readonly orderList: OrderList;
  readonly masterSecret: MasterSecret;
  readonly clients: Clients;
  readonly logLinks: LogLinks;
}

export function makeOrders(ports: OrdersPorts) {
  const routes: readonly (Route | TokenRoute)[] = [
    {
      method: 'GET',
      path: '/orders',
      readsQuery: true,
      handle: (request) => listOrders(request, ports),
    },
    { method: 'GET', path: '/orders/{orderId}', handle: (request) => getOrder(request, ports) },
    ...actRoutes(ports),
    {
      method: 'GET',
      path: '/workflows/{name}/versions',
      readsQuery: true,
      handle: (request) => listVersions(request, ports),
    },
    {
      method: 'POST',
      path: '/workflows/{name}/plan',
      handle: (request) => planWorkflow(request, ports),
    },
    {
      method: 'GET',
      path: '/tasks/{token}',
      tokenInPath: true,
      handle: (request) => showTask(request, ports),
    },
    ...callbackRoutes(ports),
  ];
  return httpApi(routes, ports);
}

async function listOrders({ query }: ApiRequest, ports: OrdersPorts) {
  const asked = parse(orderListQuerySchema, withAttributes(query));
  const { stuck, limit, next: after, attributes, ...filter } = asked;
  const page = {
    limit,
    next: after,
    ...filterOf({ ...filter, attributes: attributesIn(attributes) }),
  };
  const found = await (stuck ? stuckOrders(page, ports) : ports.orderList.page(page));
  const { next, searched } = found;
  const body = {
    orders: await viewRows(found.orders, ports),
    ...defined({ next, searched: searched && viewSearched(searched) }),
  };
  return { status: 200, body };
}

function viewSearched({ orders, backTo }: NonNullable<OrderPage['searched']>): object {
  return { orders, ...defined({ backTo: backTo === undefined ? undefined : iso(backTo) }) };
}

async function viewRows(
  orders: readonly OrderSummary[],
  { workflows, registry }: Pick<OrdersPorts, 'workflows' | 'registry'>,
): Promise<readonly object[]> {
  if (orders.length === 0) return [];
  const nameOf = ({ name, version }: WorkflowRef) => `${name} ${version}`;
  const refs = new Map(orders.map(({ workflow }) => [nameOf(workflow), workflow]));
  const [plugins, ...known] = await Promise.all([
    registry.plugins(),
    ...[...refs].map(async ([name, ref]) => [name, await workflows.get(ref)] as const),
  ]);
  const found = new Map(known);
  return orders.map((one) => viewRow(one, found.get(nameOf(one.workflow)), plugins));
}

async function getOrder(request: ApiRequest, ports: OrdersPorts) {
  const { journal } = ports;
  const orderId = orderIdIn(request);
  const { headers } = request;
  // One entry tells whether anything is new, and spares the others.
  const latest = headers['if-none-match'] && (await journal.latest(orderId));
  if (latest && hasAlready(etagOf(latest), headers)) {
    return { status: 304 as const, etag: etagOf(latest) };
  }
  const entries = await journal.entries(orderId);
  const last = entries.at(-1);
  if (last === undefined) throw noOrder(orderId);
  const body = await showOrder(entries, request.caller.kind === 'operator', ports);
  return { status: 200, body, etag: etagOf(last) };
}

/** Raised when orders are shown in another way. */
const VIEW = 3;

/** An order is shown as its entries tell it, which never change. An id that was free again begins at another instant. */
function etagOf({ number, state }: JournalEntry): string {
  return `"${VIEW}-${number}-${state.acceptedAt}"`;
}
