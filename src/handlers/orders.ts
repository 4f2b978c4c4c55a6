import { makeOrders } from '../app/orders/orders-api.ts';
import {
  clientContracts,
  enginePorts,
  logLinks,
  masterSecret,
  orderList,
} from '../aws/adapters.ts';
import { environment } from '../aws/environment.ts';

export const handler = makeOrders({
  ...enginePorts(),
  orderList: orderList(),
  masterSecret: masterSecret(),
  clients: clientContracts(),
  logLinks: logLinks(),
  maxInputBytes: environment().maxInputBytes,
});
