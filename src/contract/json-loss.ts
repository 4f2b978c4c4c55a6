/** A part of a value that JSON would drop or change. */
export interface JsonLoss {
  /** Where the part is in the value: `.items[2].id`; empty for the value itself. */
  readonly place: string;
  /** What it is: `is NaN`. */
  readonly what: string;
}

/**
 * The first part of a value that JSON would drop or change without saying so; `undefined` if JSON carries the whole value.
 * It is the one rule for all that leaves a plugin or an expression.
 *
 * A property that is `undefined` counts as left out, as in JavaScript everywhere. Numbers beyond 2^53 pass: JSON carries
 * such a number unchanged, and a digit that was lost before was lost by whoever read or computed the number.
 *
 * @param isFunction says which objects are functions, in a language that keeps its functions in objects.
 */
export function findJsonLoss(
  value: unknown,
  isFunction: (value: object) => boolean = () => false,
): JsonLoss | undefined {
  return lossIn(value, '', { open: new Set(), sound: new Set(), isFunction });
}

/** A key as a part of a place: `.id`, `[2]`, `["two words"]`. */
export function placeOf(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** UTF-8 cannot say it: whoever reads the text finds U+FFFD. */
const HALF = 'holds half of a surrogate pair';

/** Deeper values are not looked at; JSON that nests so deep is refused by its text. Levels. */
const DEEPEST = 1000;

/** Each object is looked at once, however many places hold it; an object that is still open holds itself. */
interface Visited {
  readonly open: Set<object>;
  readonly sound: Set<object>;
  readonly isFunction: (value: object) => boolean;
}

function lossIn(value: unknown, place: string, visited: Visited): JsonLoss | undefined {
  const written = asWritten(value);
  if (typeof written !== 'object' || written === null) {
    const what = whatIsLost(value, written);
    return what === undefined ? undefined : { place, what };
  }
  if (visited.sound.has(written) || visited.open.size > DEEPEST) return undefined;
  if (visited.open.has(written)) return { place, what: 'contains itself' };
  if (visited.isFunction(written)) return { place, what: 'is a function' };
  if (isOpaque(written)) return { place, what: `is a ${kindOf(written)}` };
  visited.open.add(written);
  const loss = Array.isArray(written)
    ? lossInItems(written, place, visited)
    : lossInProperties(written, place, visited);
  visited.open.delete(written);
  visited.sound.add(written);
  return loss;
}

function lossInItems(
  items: readonly unknown[],
  place: string,
  visited: Visited,
): JsonLoss | undefined {
  // By index, since JSON writes null for a hole as well.
  for (let index = 0; index < items.length; index += 1) {
    const here = place + placeOf(index);
    if (asWritten(items[index]) === undefined) return { place: here, what: 'is undefined' };
    const loss = lossIn(items[index], here, visited);
    if (loss !== undefined) return loss;
  }
  return undefined;
}

function lossInProperties(object: object, place: string, visited: Visited): JsonLoss | undefined {
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const here = place + placeOf(key);
    if (key === '__proto__') return { place: here, what: 'has a key that is not taken' };
    if (!key.isWellFormed()) return { place: here, what: `has a key that ${HALF}` };
    const loss = lossIn(value, here, visited);
    if (loss !== undefined) return loss;
  }
  return undefined;
}

/** What JSON writes in place of a value that knows a JSON form of its own, such as a date. */
function asWritten(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return value;
  return typeof value.toJSON === 'function' ? value.toJSON() : value;
}

function whatIsLost(value: unknown, written: unknown): string | undefined {
  if (typeof written === 'number' && !Number.isFinite(written)) return `is ${written}`;
  const type = typeof written;
  if (['bigint', 'function', 'symbol'].includes(type)) return `is a ${type}`;
  if (typeof written === 'string' && !written.isWellFormed()) return HALF;
  if (written === null && value instanceof Date) return 'is an invalid date';
  return undefined;
}

/**
 * Objects whose content JSON does not see: it writes `{}` for them, or an object of indices. What the platform has beside the types that are
 * named here (generators, responses, headers, blobs, …) bears a tag of its kind, and nothing that JSON would write.
 */
function isOpaque(value: object): boolean {
  const opaque = [Map, Set, WeakMap, WeakSet, Promise, RegExp, Error, ArrayBuffer];
  if (ArrayBuffer.isView(value) || opaque.some((type) => value instanceof type)) return true;
  return Symbol.toStringTag in value && Object.keys(value).length === 0;
}

/** What it is called: by its class, or by its tag, since a generator has no class. */
function kindOf(value: { readonly [Symbol.toStringTag]?: string }): string | undefined {
  return value.constructor?.name || value[Symbol.toStringTag];
}
