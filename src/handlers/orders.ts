import { makeOrders } from '../app/orders/orders-api.ts';
import { enginePorts, orderList } from '../aws/adapters.ts';

export const handler = makeOrders({ ...enginePorts(), orderList: orderList() });
