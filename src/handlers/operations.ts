import { makeOperations } from '../app/operations/operations-api.ts';
import { deadLetters, operationQueue, operations, orderList } from '../aws/adapters.ts';

export const handler = makeOperations({
  orderList: orderList(),
  operations: operations(),
  operationQueue: operationQueue(),
  deadLetters: deadLetters(),
  clock: Date.now,
});
