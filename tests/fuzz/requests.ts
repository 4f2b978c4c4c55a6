import fc from 'fast-check';
import type { OpenapiDocument, Operation } from '../app/http/document.ts';
import { type Schema, valuesOf } from './values-of-schema.ts';

/** A request as it is sent. */
export interface FuzzRequest {
  readonly method: string;
  /** The path as the document has it. */
  readonly template: string;
  /** Path and query. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** It says that it comes from elsewhere, or goes elsewhere, and must be refused for that. */
  readonly isForeign?: true;
}

interface Described extends Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
}

/** Names that bodies agree upon with each other and with paths. */
const THERE = ['A', 'B', 'made', 'made'];
/** Words that mean something somewhere: names that exist, edges, and what every object has. */
const WORDS = [
  ...['A', 'B', 'X', 'Y', 'w', 'held', 'o-1', 'o-2', 'todo-x', '*', '10m', '$jobs.A', 'made'],
  ...['', '0', '1', '-1', '1e400', '007', 'completed', 'x'.repeat(300)],
  ...['constructor', '__proto__', 'toString', '../..', 'ü', '\ud83d\ude00', '\ud800', '\u0000'],
];
/** Segments with escapes of their own: dots, a zero, a slash, no UTF-8, no escape. */
const ESCAPES = ['%2e%2e', '%00', '%2F', '%ff', '%E0%A4%A', '%25', '%', 'a%20b', '+', ';x', '~'];
const VALUES = [
  ...['9007199254740993', '1e400', '-0', 'null', 'false', 'true', '5', '"A"', '[]', '{}', '""'],
  ...['"\\ud800"', '{"__proto__":1}', '{"a":1,"a":2}', '[[[[]]]]', '"\\u0000"', '["A",["A","B"]]'],
];
const OTHER_TYPES = [
  ...['application/json', 'text/csv', 'application/x-ndjson', 'application/x-www-form-urlencoded'],
  ...['image/png', 'multipart/form-data; boundary=x', 'application/json; charset=latin1', 'json'],
];
const OTHER_METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'];
const FOREIGN: readonly Readonly<Record<string, string>>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { host: 'evil.example' },
  { host: 'localhost.evil.example' },
  { 'sec-fetch-site': 'cross-site' },
];

const nothing = fc.constant(undefined);

const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);

/**
 * Requests to the calls of the document: most of them of the right shape, so that they come far.
 * @param found names of things that are there, by the name of a path's parameter, or by that after the path's first part: `plugins/name`
 */
export function requestsOf(
  document: OpenapiDocument,
  found: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<FuzzRequest> {
  const keys = fc.constantFrom(...propertyNames(document));
  const sources = {
    schemas: document.components.schemas as Readonly<Record<string, Schema>>,
    any: jsonText(keys),
    there: THERE,
    names: word,
  };
  const calls = Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const { parameters = [], requestBody } = operation as Described;
      return fc
        .record({
          path: pathOf(template, found),
          query: queryOf(parameters),
          key: mostly(nothing, fc.constantFrom('k', 'l', '', 'k'.repeat(201))),
          content: requestBody ? contentOf(requestBody, sources) : nothing,
          method: mostly(fc.constant(method.toUpperCase()), fc.constantFrom(...OTHER_METHODS)),
          foreign: mostly(nothing, fc.constantFrom(...FOREIGN)),
        })
        .map(({ path, query, key, content, method, foreign }): FuzzRequest => {
          const search = Object.keys(query).length === 0 ? '' : `?${new URLSearchParams(query)}`;
          return {
            ...{ method, template, address: `${path}${search}` },
            headers: {
              ...(key !== undefined && { 'idempotency-key': key }),
              ...(content && { 'content-type': content.type }),
              ...foreign,
            },
            ...(content && { body: content.body }),
            ...(foreign && { isForeign: true }),
          };
        });
    }),
  );
  return fc.oneof(...calls);
}

function mostly<T, U>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<U>): fc.Arbitrary<T | U> {
  return fc.oneof({ weight: 19, arbitrary: usual }, { weight: 1, arbitrary: rare });
}

function pathOf(
  template: string,
  found: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<string> {
  const [, first] = template.split('/');
  const segments = template.split('/').map((segment) => {
    const [, name] = /^\{(.*)\}$/.exec(segment) ?? [];
    if (name === undefined) return fc.constant(segment);
    const there = found[`${first}/${name}`] ?? found[name] ?? WORDS;
    return fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...there).map(encodeSegment) },
      { weight: 3, arbitrary: word.map(encodeSegment) },
      { weight: 1, arbitrary: fc.constantFrom(...ESCAPES) },
    );
  });
  return fc.tuple(...segments).map((all) => all.join('/'));
}

/** A segment is never empty, and no dots, which clients resolve. */
function encodeSegment(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(/^\.+$/, 'A') || 'A';
}

function queryOf(
  parameters: NonNullable<Described['parameters']>,
): fc.Arbitrary<Record<string, string>> {
  const names = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const keys = fc.constantFrom(...names, ...names, 'x', '__proto__');
  const well = fc.string({ unit: 'binary-ascii', maxLength: 10 });
  const words = fc.oneof(
    { weight: 6, arbitrary: word.map((one) => one.toWellFormed()) },
    { weight: 1, arbitrary: well },
  );
  const some = fc.dictionary(keys, words, { maxKeys: 2 });
  // A call that takes no query is refused with one, and would never come far.
  if (names.length === 0) return mostly(fc.constant({}), some);
  return fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: some });
}

interface Content {
  readonly type: string;
  readonly body: Uint8Array;
}

function contentOf(
  { required, content }: NonNullable<Described['requestBody']>,
  sources: Parameters<typeof valuesOf>[1],
): fc.Arbitrary<Content | undefined> {
  const documented = Object.entries(content).map(([type, { schema }]) => {
    const body =
      schema.type === 'string' ? textsOf(type) : valuesOf(schema, sources).map(encodeText);
    return body.map((one): Content => ({ type: type.replace('*', 'png'), body: one }));
  });
  const any = fc.record({
    type: fc.constantFrom(...OTHER_TYPES),
    body: bytes(sources.any),
  });
  return fc.oneof(
    { weight: 8, arbitrary: fc.oneof(...documented) },
    { weight: 3, arbitrary: any },
    { weight: required ? 1 : 4, arbitrary: nothing },
  );
}

const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bodies that the document calls texts: of rows, of lines, of anything. */
function textsOf(type: string): fc.Arbitrary<Uint8Array> {
  if (type.includes('ndjson'))
    return bytes(fc.array(orders, { maxLength: 4 }).map((all) => all.join('\n')));
  if (type === 'text/csv') return bytes(rows);
  return fc.uint8Array({ minLength: 1, maxLength: 100 });
}

const orders = fc
  .tuple(fc.constantFrom(...VALUES), fc.constantFrom('["A"]', '["A",["A","B"]]', '["nobody"]'))
  .map(([input, todo]) => `{"input":${input},"todo":${todo}}`);

const rows = fc
  .tuple(
    fc.constantFrom(
      ...['input', 'input,todo', 'input;todo', 'sep=;\ninput;todo', 'input.a:number', 'x'],
      ...['input,todo,', 'input:json,client', 'orderId,input', 'input,input.a', '\ufeffinput'],
    ),
    fc.array(fc.array(word, { maxLength: 3 }), { maxLength: 4 }),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.constantFrom(',', ';', '\t'),
  )
  .map(([header, cells, end, separator]) =>
    [header, ...cells.map((row) => row.join(separator))].join(end),
  );

/** A text as it comes from programs: UTF-8 mostly, else another encoding, cut, very deep, very long, or no text at all. */
function bytes(texts: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { weight: 40, arbitrary: texts.map(encodeText) },
    { weight: 4, arbitrary: texts.map((text) => encodeText(`\ufeff${text}`)) },
    { weight: 4, arbitrary: texts.map((text) => Uint8Array.from(Buffer.from(text, 'latin1'))) },
    { weight: 4, arbitrary: texts.map((text) => Uint8Array.from(Buffer.from(text, 'utf16le'))) },
    { weight: 4, arbitrary: texts.map((text) => encodeText(text).slice(0, -1)) },
    { weight: 4, arbitrary: fc.uint8Array({ maxLength: 100 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('[', '{"a":', '"x', '1', ',', '\n'), fc.constantFrom(1e4, 1e6, 5e6))
        .map(([unit, length]) => encodeText(unit.repeat(length / unit.length))),
    },
  );
}

/** Any JSON text, and texts that JSON forbids or that no reader may change in silence. */
function jsonText(keys: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(...VALUES),
      word.map((one) => JSON.stringify(one)),
      fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
      fc
        .array(fc.tuple(keys, tie('value')), { maxLength: 5 })
        .map((pairs) => `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${one}`)}}`),
    ),
  })).value;
}

/** The names of all properties that the document knows. */
function propertyNames(document: OpenapiDocument): readonly string[] {
  const names = new Set(['__proto__', 'constructor', '']);
  JSON.stringify(document, (key, value: unknown) => {
    if (key === 'properties' && typeof value === 'object' && value !== null) {
      for (const name of Object.keys(value)) names.add(name);
    }
    return value;
  });
  return [...names];
}
