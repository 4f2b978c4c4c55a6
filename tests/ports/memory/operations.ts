import type {
  Operation,
  OperationMessage,
  OperationQueue,
  Operations,
} from '../../../src/ports/operations.ts';

export function createMemoryOperations(): Operations {
  const operations = new Map<string, Operation>();

  return {
    get: async (operationId) => operations.get(operationId),

    async add(operation) {
      if (operations.has(operation.operationId)) return false;
      operations.set(operation.operationId, operation);
      return true;
    },

    async change(operationId, change) {
      const before = operations.get(operationId);
      const after = before && change(before);
      if (after !== undefined) operations.set(operationId, after);
      return after ?? before;
    },

    list: async () => [...operations.values()],
  };
}

export interface MemoryOperationQueue extends OperationQueue {
  /** All that has been sent and not yet been taken away. */
  readonly sent: { readonly message: OperationMessage; readonly delaySeconds: number }[];
}

export function createMemoryOperationQueue(): MemoryOperationQueue {
  const sent: { message: OperationMessage; delaySeconds: number }[] = [];
  return { sent, send: async (message, delaySeconds) => void sent.push({ message, delaySeconds }) };
}
