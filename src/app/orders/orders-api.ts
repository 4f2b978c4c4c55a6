import { parse } from '../../contract/parse.ts';
import { orderListQuerySchema } from '../../contract/requests.ts';
import { defined } from '../../core/defined.ts';
import { placedEvent } from '../../core/journal-entry.ts';
import type { EnginePorts } from '../../engine/engine-ports.ts';
import type { Clients } from '../../ports/clients.ts';
import type { MasterSecret } from '../../ports/master-secret.ts';
import type { OrderList } from '../../ports/order-list.ts';
import { noOrder, orderIdIn } from '../access/permissions.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Route, TokenRoute } from '../http/http-api.ts';
import { httpApi } from '../http/http-api.ts';
import { actRoutes } from './acts-api.ts';
import { filterOf } from './filter-of-request.ts';
import { viewOrder, viewSummary } from './order-view.ts';
import { stuckOrders } from './stuck-orders.ts';
import { showTask } from './task-api.ts';

export interface OrdersPorts extends EnginePorts {
  readonly orderList: OrderList;
  readonly masterSecret: MasterSecret;
  readonly clients: Clients;
}

export function makeOrders(ports: OrdersPorts) {
  const routes: readonly (Route | TokenRoute)[] = [
    { method: 'GET', path: '/orders', handle: (request) => listOrders(request, ports) },
    { method: 'GET', path: '/orders/{orderId}', handle: (request) => getOrder(request, ports) },
    ...actRoutes(ports),
    {
      method: 'GET',
      path: '/tasks/{token}',
      tokenInPath: true,
      handle: (request) => showTask(request, ports),
    },
  ];
  return httpApi(routes, ports);
}

async function listOrders({ query }: ApiRequest, ports: OrdersPorts) {
  const { stuck, limit, next: after, ...asked } = parse(orderListQuerySchema, query);
  const page = { limit, next: after, ...filterOf(asked) };
  const { orders, next } = await (stuck ? stuckOrders(page, ports) : ports.orderList.page(page));
  const body = { orders: orders.map(viewSummary), ...defined({ next }) };
  return { status: 200, body };
}

async function getOrder(request: ApiRequest, { journal, workflows }: OrdersPorts) {
  const orderId = orderIdIn(request);
  const entries = await journal.entries(orderId);
  if (entries.length === 0) throw noOrder(orderId);
  const workflow = await workflows.get(placedEvent(entries).workflow);
  return { status: 200, body: viewOrder(entries, workflow) };
}
