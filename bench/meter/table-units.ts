/**
 * What DynamoDB bills for a write, worked out from the bytes. The emulator's own ConsumedCapacity leaves out the indexes.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */

/** As the wire protocol has it: `{ "S": "text" }`. */
export type WireValue = Readonly<Record<string, unknown>>;
export type WireItem = Readonly<Record<string, WireValue>>;

export interface TableShape {
  readonly keys: readonly string[];
  readonly indexes: readonly IndexShape[];
}

interface IndexShape {
  readonly keys: readonly string[];
  /** Undefined: all. */
  readonly projected: readonly string[] | undefined;
}

interface WireKeys {
  readonly KeySchema: readonly { readonly AttributeName: string }[];
}

/** What CreateTable takes, and DescribeTable gives. */
export interface WireTable extends WireKeys {
  readonly TableName: string;
  readonly GlobalSecondaryIndexes?: readonly (WireKeys & {
    readonly Projection: {
      readonly ProjectionType?: string;
      readonly NonKeyAttributes?: readonly string[];
    };
  })[];
}

const WRITE_UNIT_BYTES = 1024;

export function tableShape({ KeySchema, GlobalSecondaryIndexes = [] }: WireTable): TableShape {
  const names = (schema: WireKeys['KeySchema']) => schema.map(({ AttributeName }) => AttributeName);
  const keys = names(KeySchema);
  return {
    keys,
    indexes: GlobalSecondaryIndexes.map(({ KeySchema: own, Projection }) => ({
      keys: names(own),
      projected:
        Projection.ProjectionType === 'ALL'
          ? undefined
          : [...keys, ...names(own), ...(Projection.NonKeyAttributes ?? [])],
    })),
  };
}

/** Units of a write that made `after` of `before`; an item that is not there is undefined. */
export function writeUnits(
  { indexes }: TableShape,
  before: WireItem | undefined,
  after: WireItem | undefined,
): number {
  const ofIndexes = indexes.map((index) =>
    indexUnits(index, entryOf(index, before), entryOf(index, after)),
  );
  return larger(before, after) + ofIndexes.reduce((sum, units) => sum + units, 0);
}

/** Units of a conditional write that was refused: those of the item that is there. */
export function refusedUnits(found: WireItem | undefined): number {
  return larger(found, undefined);
}

/** How DynamoDB counts: names and values in UTF-8, of a set its members, a number as two digits a byte and one more. */
export function itemBytes(item: WireItem): number {
  return Object.entries(item).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes(value: WireValue): number {
  const [type, content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'B':
      return Buffer.from(String(content), 'base64').byteLength;
    case 'N':
      return Math.ceil(String(content).replace(/[-.]/g, '').length / 2) + 1;
    case 'SS':
      return (content as readonly string[]).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    case 'BOOL':
    case 'NULL':
      return 1;
    default:
      throw new Error(`the bench cannot say how large a value of type ${type} is`);
  }
}

function larger(before: WireItem | undefined, after: WireItem | undefined): number {
  const bytes = Math.max(before ? itemBytes(before) : 0, after ? itemBytes(after) : 0);
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

function entryOf({ keys, projected }: IndexShape, item: WireItem | undefined) {
  if (item === undefined || keys.some((key) => item[key] === undefined)) return undefined;
  const shown = Object.entries(item).filter(([name]) => projected?.includes(name) ?? true);
  return Object.fromEntries(shown);
}

function indexUnits(
  { keys }: IndexShape,
  before: WireItem | undefined,
  after: WireItem | undefined,
): number {
  const text = (item: WireItem | undefined) => item && JSON.stringify(Object.entries(item).sort());
  if (text(before) === text(after)) return 0;
  const place = (item: WireItem) => JSON.stringify(keys.map((key) => item[key]));
  const moves = before && after && place(before) !== place(after);
  return moves ? larger(before, undefined) + larger(undefined, after) : larger(before, after);
}
