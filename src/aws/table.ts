import { ServiceError } from '../aws-calls/aws-service.ts';
import type {
  QueryInput,
  QueryOutput,
  TableCalls,
  WireItem,
  WireValue,
} from '../aws-calls/table-service.ts';
import type { Clock } from '../ports/clock.ts';
import { TooLargeError } from '../ports/too-large.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html (400 KB, names included) */
export const MAX_ITEM_BYTES = 400 * 1024;

/** What an item's attributes hold; a list of texts is a set, and never empty. */
export type Attribute = string | number | Uint8Array | readonly string[];

export type Item = Readonly<Record<string, Attribute | undefined>>;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** A condition that a write depends on, and the values that it names. The table supplies `:now`, in seconds since 1970. */
export interface Condition {
  readonly expression: string;
  readonly values?: Item;
}

/** The key's item does not exist or has expired: DynamoDB deletes what has expired within days, not at once. */
export const IS_NEW: Condition = {
  expression: 'attribute_not_exists(pk) OR expiresAt <= :now',
};

/** The key's item exists, and has not expired. */
export const IS_THERE: Condition = {
  expression: 'attribute_exists(pk) AND (attribute_not_exists(expiresAt) OR expiresAt > :now)',
};

/** The key's item still has the version that was read; if none was read, there is still none. */
export function asRead(read: { readonly version: number } | undefined): Condition {
  if (read === undefined) return IS_NEW;
  return { expression: 'version = :version', values: { version: read.version } };
}

export interface Query {
  /** The name and value of the partition key. */
  readonly partition: readonly [name: string, value: string];
  readonly index?: string;
  /** Only items whose sort key comes before it. */
  readonly before?: readonly [name: string, value: string];
  /** Only items whose sort key is this or comes after it. */
  readonly from?: readonly [name: string, value: string];
  /** Largest sort key first. */
  readonly backwards?: boolean;
  /** Items a page. */
  readonly limit?: number;
  /** Each page may have twice as many items as the one before: whoever reads on after the first few reads all, as a rule. */
  readonly growing?: boolean;
  /** Names of the attributes to fetch. Default: all. */
  readonly only?: readonly string[];
  readonly consistent?: boolean;
}

/** What became of a conditional write: it took place, or the item found did not let it. */
export type Written = { readonly done: true } | { readonly done: false; readonly found: Item };

/** What becomes of an item's attributes; what is not there is made. A set without members is not there. */
export interface Change {
  /** Members that come into sets. */
  readonly add?: Readonly<Record<string, readonly string[]>>;
  /** Members that go from sets. */
  readonly take?: Readonly<Record<string, readonly string[]>>;
  readonly set?: Readonly<Record<string, Attribute>>;
  readonly remove?: readonly string[];
}

/** What became of a change: the item as it is now, or the one that did not let it. */
export type Changed =
  | { readonly done: true; readonly item: Item }
  | { readonly done: false; readonly found: Item };

/**
 * The one DynamoDB table of a deployment. Single items are read consistently. An item whose `expiresAt` (seconds since 1970)
 * has passed is not there, for reads and for conditions alike, whether or not DynamoDB has deleted it yet.
 */
export interface Table {
  get(key: Key): Promise<Item | undefined>;
  /** @throws {TooLargeError} */
  put(item: Key & Item, condition?: Condition): Promise<Written>;
  /** Sets the attributes; an item that is not there is made. */
  set(key: Key, attributes: Item, condition?: Condition): Promise<Written>;
  /** Adds to numbers of the item, and sets attributes of it; what is not there is made. */
  add(key: Key, amounts: Readonly<Record<string, number>>, attributes: Item): Promise<void>;
  change(key: Key, change: Change, condition?: Condition): Promise<Changed>;
  delete(key: Key, condition?: Condition): Promise<Written>;
  /** All that match, a page at a time; a page may be empty. */
  pages(query: Query): AsyncIterable<readonly Item[]>;
  /** How many match, a page at a time; what has expired and is not yet deleted counts as well. */
  counts(query: Omit<Query, 'only'>): AsyncIterable<number>;
}

export function createTable(call: TableCalls, TableName: string, clock: Clock): Table {
  const now = () => Math.floor(clock() / 1000);
  const isThere = ({ expiresAt }: Item) => expiresAt === undefined || Number(expiresAt) > now();

  return {
    async get(key) {
      const input = { TableName, Key: marshal(key), ConsistentRead: true } as const;
      const { Item: item } = await call('GetItem', input);
      return item && [unmarshal(item)].find(isThere);
    },

    async put(item, condition) {
      const bytes = itemBytes(item);
      if (bytes > MAX_ITEM_BYTES) {
        throw new TooLargeError(`the item ${item.pk} ${item.sk}`, bytes, MAX_ITEM_BYTES);
      }
      const input = { TableName, Item: marshal(item), ...conditionOf(condition, now()) };
      return unlessRefused(call('PutItem', input));
    },

    set(key, attributes, condition) {
      const present = Object.entries(attributes).filter(([, value]) => value !== undefined);
      const input = {
        TableName,
        Key: marshal(key),
        UpdateExpression: `SET ${present.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ...conditionOf(condition, now()),
        ExpressionAttributeNames: Object.fromEntries(present.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: values({ ...attributes, ...valuesOf(condition, now()) }),
      };
      return unlessRefused(call('UpdateItem', input));
    },

    async add(key, amounts, attributes) {
      const all = Object.entries<Attribute | undefined>({ ...amounts, ...attributes });
      const placed = all.map(([name], place) => ({ name, place }));
      const added = placed.filter(({ name }) => name in amounts);
      const set = placed.filter(({ name }) => !(name in amounts));
      await call('UpdateItem', {
        TableName,
        Key: marshal(key),
        UpdateExpression: [
          `ADD ${added.map(({ place }) => `#${place} :${place}`).join(', ')}`,
          `SET ${set.map(({ place }) => `#${place} = :${place}`).join(', ')}`,
        ].join(' '),
        ExpressionAttributeNames: Object.fromEntries(
          placed.map(({ name, place }) => [`#${place}`, name]),
        ),
        ExpressionAttributeValues: values(
          Object.fromEntries(all.map(([, value], place) => [place, value])),
        ),
      });
    },

    async change(key, { add = {}, take = {}, set = {}, remove = [] }, condition) {
      // A name may hold what no placeholder may.
      const names = [...new Set([add, take, set].flatMap(Object.keys)), ...remove];
      const place = (name: string) => names.indexOf(name);
      const changed = [add, take, set].flatMap((attributes) => Object.entries(attributes));
      const named = {
        ...Object.fromEntries(changed.map(([name, value]) => [place(name), value])),
        ...valuesOf(condition, now()),
      };
      const each = (attributes: object, sign = ' ') =>
        Object.keys(attributes).map((name) => `#${place(name)}${sign}:${place(name)}`);
      const clauses = [
        ['ADD', each(add)],
        ['DELETE', each(take)],
        ['SET', each(set, ' = ')],
        ['REMOVE', remove.map((name) => `#${place(name)}`)],
      ] as const;
      const input = {
        TableName,
        Key: marshal(key),
        UpdateExpression: clauses
          .filter(([, parts]) => parts.length > 0)
          .map(([verb, parts]) => `${verb} ${parts.join(', ')}`)
          .join(' '),
        ...conditionOf(condition, now()),
        ExpressionAttributeNames: Object.fromEntries(
          names.map((name) => [`#${place(name)}`, name]),
        ),
        ...(Object.keys(named).length > 0 && { ExpressionAttributeValues: values(named) }),
        ReturnValues: 'ALL_NEW',
      } as const;
      let item: WireItem = {};
      const written = await unlessRefused(
        call('UpdateItem', input).then(({ Attributes = {} }) => {
          item = Attributes;
        }),
      );
      return written.done ? { done: true, item: unmarshal(item) } : written;
    },

    delete(key, condition) {
      const input = { TableName, Key: marshal(key), ...conditionOf(condition, now()) };
      return unlessRefused(call('DeleteItem', input));
    },

    async *pages(query) {
      for await (const page of answers(query))
        yield (page.Items ?? []).map(unmarshal).filter(isThere);
    },

    async *counts(query) {
      for await (const page of answers(query, 'COUNT')) yield page.Count ?? 0;
    },
  };

  async function* answers(query: Query, select?: 'COUNT'): AsyncGenerator<QueryOutput> {
    const { partition, before, from, index, backwards, growing, consistent } = query;
    let { limit } = query;
    const only = query.only && [...new Set([...query.only, 'expiresAt'])];
    const conditions = [
      '#partition = :partition',
      ...(before ? ['#before < :before'] : []),
      ...(from ? ['#from >= :from'] : []),
    ];
    let start: WireItem | undefined;
    do {
      const input: QueryInput = {
        TableName,
        ...(index && { IndexName: index }),
        KeyConditionExpression: conditions.join(' AND '),
        ExpressionAttributeNames: {
          '#partition': partition[0],
          ...(before && { '#before': before[0] }),
          ...(from && { '#from': from[0] }),
          ...Object.fromEntries(only?.map((name) => [`#${name}`, name]) ?? []),
        },
        ExpressionAttributeValues: values({
          partition: partition[1],
          ...(before && { before: before[1] }),
          ...(from && { from: from[1] }),
        }),
        ...(only && { ProjectionExpression: only.map((name) => `#${name}`).join(', ') }),
        ...(select && { Select: select }),
        ...(backwards && { ScanIndexForward: false }),
        ...(limit && { Limit: limit }),
        ...(consistent && { ConsistentRead: true }),
        ...(start && { ExclusiveStartKey: start }),
      };
      const page = await call('Query', input);
      yield page;
      start = page.LastEvaluatedKey;
      if (growing && limit) limit *= 2;
    } while (start !== undefined);
  }
}

/** What it costs to write the item, apart from its index. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
export function writeUnits(item: Item): number {
  return Math.ceil(itemBytes(item) / 1024);
}

/** How DynamoDB counts: names and values in UTF-8, a number as at most 21 bytes. */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((bytes, [name, value]) => {
    if (value === undefined) return bytes;
    const own =
      typeof value === 'number'
        ? Math.ceil(String(Math.abs(value)).length / 2) + 1
        : value instanceof Uint8Array
          ? value.byteLength
          : textBytes(value);
    return bytes + Buffer.byteLength(name) + own;
  }, 0);
}

function textBytes(value: string | readonly string[]): number {
  const texts = typeof value === 'string' ? [value] : value;
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

async function unlessRefused(write: Promise<unknown>): Promise<Written> {
  try {
    await write;
    return { done: true };
  } catch (error) {
    if (!isRefused(error)) throw error;
    const { Item: found = {} } = error.details as { readonly Item?: WireItem };
    return { done: false, found: unmarshal(found) };
  }
}

function isRefused(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.name === 'ConditionalCheckFailedException';
}

function conditionOf(condition: Condition | undefined, now: number) {
  if (condition === undefined) return {};
  const named = valuesOf(condition, now);
  return {
    ConditionExpression: condition.expression,
    ...(Object.keys(named).length > 0 && { ExpressionAttributeValues: values(named) }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

function valuesOf(condition: Condition | undefined, now: number): Item {
  if (condition === undefined) return {};
  return { ...condition.values, ...(condition.expression.includes(':now') && { now }) };
}

function values(named: Item): WireItem {
  const marshalled = Object.entries(marshal(named));
  return Object.fromEntries(marshalled.map(([name, value]) => [`:${name}`, value]));
}

function marshal(item: Item | Key): WireItem {
  const marshalled: Record<string, WireValue> = {};
  for (const [name, value] of Object.entries(item) as [string, Attribute | undefined][]) {
    if (value === undefined) continue;
    if (typeof value === 'string') marshalled[name] = { S: value };
    else if (typeof value === 'number') marshalled[name] = { N: String(value) };
    else if (value instanceof Uint8Array) marshalled[name] = { B: base64Of(value) };
    else marshalled[name] = { SS: value };
  }
  return marshalled;
}

function unmarshal(item: WireItem): Item {
  return Object.fromEntries(
    Object.entries(item).map(([name, { S, N, SS, B = '' }]) => [
      name,
      S ?? SS ?? (N === undefined ? bytesOf(B) : Number(N)),
    ]),
  );
}

function base64Of({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** A plain array of bytes, which is equal to the one that was stored; a Buffer is not. */
function bytesOf(base64: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(base64, 'base64');
  return new Uint8Array(buffer, byteOffset, byteLength);
}
