/** Mends of dynalite 4.0.0, each with the fault it cures. */
import {
  acceptedFields,
  database,
  type LevelIterator,
  type TableStore,
} from './dynalite-internals.ts';
import type { StoreFailed } from './store-failure.ts';

// ReturnValuesOnConditionCheckFailure was ignored: the error of a failed condition now carries the item.
const checkConditional = database.checkConditional;
database.checkConditional = (data, existing) => {
  const failure = checkConditional(data, existing);
  if (failure && existing && data.ReturnValuesOnConditionCheckFailure === 'ALL_OLD')
    failure.body.Item = existing;
  return failure;
};
for (const action of ['putItem', 'updateItem', 'deleteItem'] as const)
  acceptedFields(action).ReturnValuesOnConditionCheckFailure = {
    type: 'String',
    enum: ['ALL_OLD', 'NONE'],
  };

/**
 * Every query left its iterator open, and with it a snapshot of the store: dynalite's streams end an iterator with
 * `return`, which those of abstract-level do not have.
 */
export function closeIterators({ db }: TableStore): void {
  for (const method of ['keys', 'values'] as const) {
    const open = db[method].bind(db);
    db[method] = (options) => closedByReturn(open(options));
  }
}

function closedByReturn(iterator: LevelIterator): LevelIterator {
  iterator.return = () => iterator.close();
  return iterator;
}

/** A failed write was thrown into the air, and the store went on. */
export function endOnFailure({ db }: TableStore, failed: StoreFailed): void {
  for (const method of ['put', 'get', 'del', 'batch'] as const) {
    const call = db[method].bind(db);
    db[method] = (...given) => {
      const callback = given.pop() as (error: Error | null, value?: unknown) => void;
      call(...given, (error: Error | null, value?: unknown) => {
        if (error && isStoreError(error)) failed(storeFailure(error));
        else callback(error, value);
      });
    };
  }
}

/** Whether it is the files' fault; not, for one, that the store is being closed. */
export function isStoreError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'LEVEL_IO_ERROR' || code === 'LEVEL_CORRUPTION';
}

/** `IO error: …/tables/000005.log: No space left on device` */
export function storeFailure(error: Error): string {
  return error.message;
}
