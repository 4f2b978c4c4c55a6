/** Mends of dynalite 4.0.0, each with the fault it cures. */
import {
  acceptedFields,
  database,
  type Item,
  type LevelIterator,
  type Table,
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

/**
 * To have a value read by another thread takes 50 µs of processor time, and to read it 3: it lies in memory, as a rule. The callback is
 * called later, as before, since dynalite counts on that.
 */
export function readAtOnce({ db }: TableStore): void {
  db.get = (key, ...given) => {
    const callback = given.pop() as (error: Error | null, value?: unknown) => void;
    try {
      setImmediate(callback, null, db.getSync(key));
    } catch (error) {
      setImmediate(callback, error as Error);
    }
  };
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

/**
 * Each call for an item read the table's definition from the store and parsed it, a sixth of all that the embedded services do. It is
 * remembered for calls that only look at it; those that change a table get one of their own, as before.
 */
export function rememberTables(store: TableStore): void {
  const { tableDb } = store;
  const known = new Map<string, Table>();
  let changes = 0;
  const forget = () => {
    changes += 1;
    known.clear();
  };
  for (const method of ['put', 'del'] as const) {
    const call = tableDb[method].bind(tableDb);
    tableDb[method] = (...given) => {
      const callback = given.pop() as (error: Error | null) => void;
      forget();
      call(...given, (error: Error | null) => {
        // what was read meanwhile may be what was there before
        forget();
        callback(error);
      });
    };
  }
  const getTable = store.getTable.bind(store);
  store.getTable = (name, ...given) => {
    const [found] = given;
    // with a second argument, it is called for the table's own sake
    if (typeof found !== 'function') return getTable(name, ...given);
    const table = known.get(name);
    if (table !== undefined) return found(null, table);
    const before = changes;
    getTable(name, (error, read) => {
      if (read !== undefined && changes === before) known.set(name, read);
      found(error, read);
    });
  };
}

type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

/** By store and the item's key: what is to be written to the indexes together with the item. */
const indexWrites = new WeakMap<TableStore, Map<string, readonly Operation[]>>();

/**
 * Rows of indexes were written before their item: whoever was killed in between left rows of an item that there never was, and the item that
 * was put again got others. Now the item and its rows are one write.
 */
export function keepIndexesInStep(store: TableStore): void {
  const { db } = store;
  const waiting = new Map<string, readonly Operation[]>();
  indexWrites.set(store, waiting);
  const together = (operation: Operation) => {
    const rows = waiting.get(operation.key) ?? [];
    waiting.delete(operation.key);
    return [...rows, operation];
  };
  const [put, del] = [db.put.bind(db), db.del.bind(db)];
  db.put = (key, value, callback) =>
    waiting.has(String(key))
      ? db.batch(together({ type: 'put', key: String(key), value }), callback)
      : put(key, value, callback);
  db.del = (key, callback) =>
    waiting.has(String(key))
      ? db.batch(together({ type: 'del', key: String(key) }), callback)
      : del(key, callback);
}

const updateIndexes = database.updateIndexes;
database.updateIndexes = (store, table, existing, item, done) => {
  const waiting = indexWrites.get(store);
  const written = item ?? existing;
  if (waiting === undefined || written === undefined) {
    return updateIndexes(store, table, existing, item, done);
  }
  const key = `item-${table.TableName}~${database.createKey(written, table)}`;
  waiting.set(key, rowsOf(table, existing, item));
  done();
};

function rowsOf(table: Table, existing: Item | undefined, item: Item | null): readonly Operation[] {
  return (['Local', 'Global'] as const).flatMap((kind) => {
    const indexes = table[`${kind}SecondaryIndexes`] ?? [];
    const { puts, deletes } = database.getIndexActions(indexes, existing, item, table);
    const rowKey = (index: string, key: string) =>
      `index-${kind.toLowerCase()}~${table.TableName}~${index}~${key}`;
    return [
      ...deletes.map(({ index, key }) => ({ type: 'del' as const, key: rowKey(index, key) })),
      ...puts.map(({ index, key, item: value }) => ({
        ...{ type: 'put' as const, key: rowKey(index, key), value },
      })),
    ];
  });
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
