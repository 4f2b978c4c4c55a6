import { makeOperate } from '../app/operations/operate-records.ts';
import { enginePorts, operationQueue, operations, orderList, redelivery } from '../aws/adapters.ts';

export const handler = makeOperate({
  ...enginePorts(),
  orderList: orderList(),
  operations: operations(),
  operationQueue: operationQueue(),
  redelivery: redelivery(),
});
