/** The parts of dynalite 4.0.0 that we touch, typed; it ships no types and no `exports` map, and is pinned exactly. */
import type { Server } from 'node:http';
import { createRequire } from 'node:module';

/** An iterator of abstract-level. */
export interface LevelIterator {
  close(): Promise<void>;
  /** Called by dynalite where there is one. */
  return?: () => Promise<void>;
}

/** Takes a key or operations, a value, and a callback, which comes last. */
type StoreCall = (...given: unknown[]) => void;

export interface TableStore {
  db: {
    open(): Promise<void>;
    close(): Promise<void>;
    put: StoreCall;
    get: StoreCall;
    /** `undefined` where there is none. */
    getSync(key: unknown): unknown;
    del: StoreCall;
    batch: StoreCall;
    keys(options: unknown): LevelIterator;
    values(options: unknown): LevelIterator;
  };
  tableDb: { awsAccountId: string; awsRegion: string; put: StoreCall; del: StoreCall };
  /** Calls on items give the callback alone; those on tables say beside it that any status will do. */
  getTable(name: string, ...given: [FoundTable] | [anyStatus: false, found: FoundTable]): void;
}

type FoundTable = (error: Error | null, table?: Table) => void;

interface StoreOptions {
  path?: string;
  createTableMs: number;
  deleteTableMs: number;
  updateTableMs: number;
}

export type Item = Record<string, unknown>;

export interface Table {
  readonly TableName: string;
  readonly LocalSecondaryIndexes?: readonly object[];
  readonly GlobalSecondaryIndexes?: readonly object[];
}

/** What becomes of the rows of a table's indexes when an item is written. */
export interface IndexActions {
  readonly puts: readonly { readonly index: string; readonly key: string; readonly item: Item }[];
  readonly deletes: readonly { readonly index: string; readonly key: string }[];
}
export type RequestData = { ReturnValuesOnConditionCheckFailure?: string };
export type ConditionFailure = { body: Record<string, unknown> };

interface Database {
  create(options: StoreOptions): TableStore;
  createKey(item: Item, table: Table): string;
  getIndexActions(
    indexes: readonly object[],
    existing: Item | undefined,
    item: Item | null,
    table: Table,
  ): IndexActions;
  /** Called before an item is put or deleted, which the callback does; nobody else writes the item meanwhile. */
  updateIndexes(
    store: TableStore,
    table: Table,
    existing: Item | undefined,
    item: Item | null,
    done: (error?: Error) => void,
  ): void;
  checkConditional(
    data: RequestData,
    existing: Item | undefined,
  ): ConditionFailure | null | undefined;
}

const require = createRequire(import.meta.url);

export const database: Database = require('dynalite/db');

/** Fields that an action accepts; every other field of a request is dropped. */
export function acceptedFields(action: 'putItem' | 'updateItem' | 'deleteItem') {
  return require(`dynalite/validations/${action}`).types as Record<string, unknown>;
}

/** Creates the HTTP server and hands out the store behind it, which dynalite itself keeps to itself. */
export function createServer(options: StoreOptions): { server: Server; store: TableStore } {
  const dynalite: (options: StoreOptions) => Server = require('dynalite');
  const create = database.create;
  let store: TableStore | undefined;
  database.create = (given) => {
    store = create(given);
    return store;
  };
  const server = dynalite(options);
  database.create = create;
  if (!store) throw new Error('dynalite no longer creates its store through db.create');
  return { server, store };
}
