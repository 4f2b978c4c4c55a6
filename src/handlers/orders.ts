import { makeOrders } from '../app/orders/orders-api.ts';
import {
  clientContracts,
  enginePorts,
  logLinks,
  masterSecret,
  orderList,
} from '../aws/adapters.ts';

export const handler = makeOrders({
  ...enginePorts(),
  orderList: orderList(),
  masterSecret: masterSecret(),
  clients: clientContracts(),
  logLinks: logLinks(),
});
