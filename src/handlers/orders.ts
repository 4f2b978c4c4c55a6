import { orderList, ports } from '../aws/ports.ts';
import { makeOrders } from './api/orders-api.ts';

export const handler = makeOrders({ ...ports(), orderList: orderList() });
