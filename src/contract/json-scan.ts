import { isSameNumber } from './decimal.ts';

/** A place in JSON text that reading would change without saying so. */
export interface ReadingLoss {
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

/** No reader needs to hear of more places than these. */
const MAX_LOSSES = 50;

/** How much of a number a reason repeats. Characters. */
const MAX_SHOWN = 40;

/**
 * What `JSON.parse` changes or drops: numbers that are not kept, all but the last value of a key that stands there several times,
 * keys called `__proto__` (whoever copies the object by assignment loses them), and halves of surrogate pairs, which become
 * U+FFFD in UTF-8.
 * @param text JSON that parses, nested no deeper than the stack carries.
 */
export function lossesIn(text: string): readonly ReadingLoss[] {
  const losses: ReadingLoss[] = [];
  const path: (string | number)[] = [];
  let at = 0;
  value();
  return losses;

  function value(): void {
    skipBlank();
    const first = text[at];
    if (first === '{') members();
    else if (first === '[') elements();
    else if (first === '"') checkString(readString());
    else checkNumber(readWord());
  }

  function members(): void {
    const seen = new Map<string, string>();
    for (let first = true; !closes('}', first); first = false) {
      const key = readString();
      path.push(key);
      checkString(key);
      if (key === '__proto__') lose('this key is not taken');
      skipBlank();
      at += 1;
      skipBlank();
      const begin = at;
      value();
      const written = text.slice(begin, at);
      if ((seen.get(key) ?? written) !== written) {
        lose('this key stands there twice, with different values');
      }
      seen.set(key, written);
      path.pop();
    }
  }

  function elements(): void {
    for (let index = 0; !closes(']', index === 0); index += 1) {
      path.push(index);
      value();
      path.pop();
    }
  }

  /** Steps over the opening bracket or a comma, and over the closing bracket if it comes next. */
  function closes(bracket: string, first: boolean): boolean {
    skipBlank();
    const ended = !first && text[at] === bracket;
    at += 1;
    if (ended) return true;
    skipBlank();
    if (!first || text[at] !== bracket) return false;
    at += 1;
    return true;
  }

  /** A number, `true`, `false` or `null`. */
  function readWord(): string {
    const begin = at;
    while (at < text.length && !ENDS_WORD.has(text[at] ?? '')) at += 1;
    return text.slice(begin, at);
  }

  function readString(): string {
    const begin = at;
    at = endOfString(text, begin);
    const written = text.slice(begin + 1, at - 1);
    return written.includes('\\') ? (JSON.parse(text.slice(begin, at)) as string) : written;
  }

  function checkString(content: string): void {
    if (!content.isWellFormed()) lose('half of a surrogate pair is no character');
  }

  function checkNumber(written: string): void {
    if (WORDS.has(written)) return;
    const kept = Number(written);
    if (isSameNumber(written, kept)) return;
    const shown = written.length > MAX_SHOWN ? `${written.slice(0, MAX_SHOWN)}…` : written;
    const fate = Number.isFinite(kept) ? `would become ${kept}` : 'is too large for a number';
    lose(`${shown} ${fate}; send it as text`);
  }

  function lose(reason: string): void {
    if (losses.length < MAX_LOSSES) losses.push({ path: [...path], reason });
  }

  function skipBlank(): void {
    while (BLANK.has(text[at] ?? '')) at += 1;
  }
}

/** The texts of the elements of a JSON array. @param text a JSON array that parses, however deep */
export function elementsOf(text: string): readonly string[] {
  return partsOf(text, text.indexOf('['));
}

/** The text of a member's value; of several with this key, the last one, as `JSON.parse` has it. @param text a JSON object that parses, however deep */
export function memberOf(text: string, key: string): string | undefined {
  for (const member of partsOf(text, text.indexOf('{')).toReversed()) {
    const opening = member.indexOf('"');
    const end = endOfString(member, opening);
    if (JSON.parse(member.slice(opening, end)) !== key) continue;
    return member.slice(member.indexOf(':', end) + 1);
  }
  return undefined;
}

/**
 * The path to where a text first nests deeper than the limit, as far as its keys are written without escapes; `undefined` where it does
 * not.
 * @param text JSON, or what begins like it
 */
export function pathBelow(text: string, limit: number): readonly (string | number)[] | undefined {
  const path: (string | number)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    const last = path.at(-1);
    if (character === '[' || character === '{') {
      if (path.length === limit) return path;
      path.push(character === '[' ? 0 : '');
    } else if (character === ']' || character === '}') path.pop();
    else if (character === ',' && typeof last === 'number') path[path.length - 1] = last + 1;
    else if (character === '"') {
      const end = endOfString(text, at);
      if (typeof last === 'string' && IS_KEY.test(text.slice(end, end + LONGEST_GAP))) {
        path[path.length - 1] = text.slice(at + 1, end - 1);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** What comes after a string that is a key. */
const IS_KEY = /^\s*:/;

/** How far a colon may stand from its key. Further away, the path lacks the key. Characters. */
const LONGEST_GAP = 100;

/** What stands between the commas of an array or an object. */
function partsOf(text: string, opening: number): readonly string[] {
  const parts: string[] = [];
  let begin = opening + 1;
  let depth = 0;
  for (let at = opening; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    const ends = depth === 0 || (depth === 1 && character === ',');
    if (!ends) continue;
    const part = text.slice(begin, at);
    if (character === ',' || parts.length > 0 || part.trim() !== '') parts.push(part);
    begin = at + 1;
    if (depth === 0) break;
  }
  return parts;
}

const BLANK: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r']);
const ENDS_WORD: ReadonlySet<string> = new Set([...BLANK, ',', ']', '}']);
const WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null']);

/**
 * The place after the quote that closes the string; the text's end, where none does. A quote after an odd number of backslashes is part of
 * the string.
 */
export function endOfString(text: string, begin: number): number {
  let quote = begin;
  for (;;) {
    quote = text.indexOf('"', quote + 1);
    if (quote < 0) return text.length;
    let run = quote;
    while (text[run - 1] === '\\') run -= 1;
    if ((quote - run) % 2 === 0) return quote + 1;
  }
}
