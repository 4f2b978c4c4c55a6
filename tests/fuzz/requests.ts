import fc from 'fast-check';
import type { OpenapiDocument, Operation } from '../app/http/document.ts';

/** A request as it is sent. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

interface DescribedOperation extends Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

/** Words that mean something somewhere: names that exist, edges, and what every object has. */
const WORDS = [
  ...['A', 'B', 'X', 'w', 'o-1', 'todo-x', '*', '10m', '$jobs.A', '', '0', '-1', '1e400', '007'],
  ...['constructor', '__proto__', 'toString', '../..', '%2e%2e', '%00', 'ü', '\ud83d\ude00'],
  ...['completed', 'x'.repeat(300)],
];
const VALUES = [
  ...['9007199254740993', '1e400', '-0', 'null', 'false', 'true', '5', '"A"', '[]', '{}', '""'],
  ...['"\\ud800"', '{"__proto__":1}', '{"a":1,"a":2}', '[[[[]]]]', '"\\u0000"', '["A",["A","B"]]'],
];

/** Requests to the calls of the document: mostly of the right shape, so that they come far. */
export function requestsOf(document: OpenapiDocument): fc.Arbitrary<FuzzRequest> {
  const keys = fc.constantFrom(...propertyNames(document));
  const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) =>
      requestTo(method.toUpperCase(), path, operation as DescribedOperation, keys),
    ),
  );
  return fc.oneof(...calls);
}

function requestTo(
  method: string,
  path: string,
  { parameters = [], requestBody }: DescribedOperation,
  keys: fc.Arbitrary<string>,
): fc.Arbitrary<FuzzRequest> {
  const query = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const types = Object.keys(requestBody?.content ?? {}).map((type) => type.replace('*', 'png'));
  return fc
    .record({
      segments: fc.array(word, { minLength: 3, maxLength: 3 }),
      query: fc.dictionary(fc.constantFrom(...query, 'x'), word, { maxKeys: 3 }),
      key: fc.option(fc.constantFrom('k', '', 'k'.repeat(201)), { freq: 4, nil: undefined }),
      type: fc.constantFrom(...types, ...types, ...OTHER_TYPES),
      body: fc.option(bodyText(keys), { freq: 9, nil: undefined }),
    })
    .map(({ segments, query: asked, key, type, body }) => {
      const names = [...segments];
      const filled = path.replaceAll(/\{.*?\}/g, () => encodeSegment(names.pop() ?? 'A'));
      const search = Object.keys(asked).length === 0 ? '' : `?${new URLSearchParams(asked)}`;
      const content = requestBody === undefined ? undefined : body;
      return {
        method,
        address: `${filled}${search}`,
        headers: {
          ...(key !== undefined && { 'idempotency-key': key }),
          ...(content !== undefined && { 'content-type': type }),
        },
        ...(content !== undefined && { body: content }),
      };
    });
}

const OTHER_TYPES = ['application/json', 'text/csv', 'application/x-www-form-urlencoded'];

const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);

/** A segment is never empty, and some are sent in escapes of their own. */
function encodeSegment(name: string): string {
  if (/^%[0-9a-f]{2}/.test(name)) return name;
  return encodeURIComponent(name.toWellFormed()).replace(/^\.+$/, 'A') || 'A';
}

function bodyText(keys: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(...VALUES),
      word.map((one) => JSON.stringify(one)),
      fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
      fc
        .array(fc.tuple(keys, tie('value')), { maxLength: 5 })
        .map(
          (pairs) => `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${one}`).join(',')}}`,
        ),
    ),
  }));
  const order = value.map((input) => `{"input":${input},"todo":["A"]}`);
  const rows = fc
    .tuple(
      fc.constantFrom(
        'input',
        'input,todo',
        'input;todo',
        'sep=;\ninput;todo',
        'input.a:number',
        'x',
      ),
      fc.array(fc.array(word, { maxLength: 3 }), { maxLength: 4 }),
      fc.constantFrom('\n', '\r\n', '\r'),
    )
    .map(([header, cells, end]) => [header, ...cells.map((row) => row.join(','))].join(end));
  const text = fc.oneof(
    { weight: 4, arbitrary: value },
    { weight: 3, arbitrary: order },
    { weight: 1, arbitrary: fc.array(order, { maxLength: 3 }).map((all) => all.join('\n')) },
    { weight: 1, arbitrary: fc.array(order, { maxLength: 3 }).map((all) => `[${all}]`) },
    { weight: 2, arbitrary: rows },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
  return fc.oneof(
    { weight: 8, arbitrary: text.map((one) => new TextEncoder().encode(one)) },
    {
      weight: 1,
      arbitrary: text.map((one) => new Uint8Array(Buffer.from(`\ufeff${one}`, 'utf16le'))),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
  );
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
