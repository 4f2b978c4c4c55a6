import { Problem } from './problem.ts';

/** The comma first: it wins where the header does not tell. */
const SEPARATORS: readonly string[] = [',', ';', '\t', '|'];

const NAMES: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
};

/** Excel's first line, which is no row: it names the separator. */
const SEPARATOR_LINE = /^"?sep=(.?)"?$/i;

/** The separator that the first line of a CSV names, if it is a line such as `sep=;`. @throws {Problem} for any other character. */
export function separatorNamedBy(line: string): string | undefined {
  const [whole, separator = ''] = SEPARATOR_LINE.exec(line) ?? [];
  if (whole === undefined) return undefined;
  if (SEPARATORS.includes(separator)) return separator;
  const message = `${line}: this separator is not taken; there are ${Object.values(NAMES).join(', ')}`;
  throw new Problem('INVALID_REQUEST', [{ line: 1, message }]);
}

/** A character that no name of one's own is likely to have there: one behind which the next column of orders begins. */
const OTHER_SEPARATOR =
  /([^\p{L}\p{N}_.:-])\s*(?:(?:input|attributes)\.|(?:input|workflow|todo|client|orderId)(?![\p{L}\p{N}_]))/u;

/**
 * What separates the columns of a header: whichever of the four stands in it, outside quotes.
 * @throws {Problem} when several do: then any of them may be part of a name; and when another character seems to.
 */
export function separatorWithin(header: string, line: number): string {
  const unquoted = header.replaceAll(/"[^"]*"/g, '');
  const found = SEPARATORS.filter((separator) => unquoted.includes(separator));
  if (found.length === 0) {
    refuseQuotedLine(header, line);
    refuseOthers(unquoted, line);
  }
  if (found.length <= 1) return found[0] ?? ',';
  const names = found.map((separator) => NAMES[separator]).join(' and ');
  const message = `the header has ${names}: quote the names that hold one, or begin the file with a line such as sep=,`;
  throw new Problem('INVALID_REQUEST', [{ line, message }]);
}

/** Otherwise `input.a^input.b` would be one column, and each row one text. */
function refuseOthers(header: string, line: number): void {
  const [, separator] = OTHER_SEPARATOR.exec(header.trim()) ?? [];
  if (separator === undefined) return;
  const taken = Object.values(NAMES).join(', ');
  const message = `${JSON.stringify(separator)} seems to separate the columns; there are ${taken} (if it is part of a name, quote the name)`;
  throw new Problem('INVALID_REQUEST', [{ line, message }]);
}

/** A program that quotes whole lines makes one column of `"input.a,input.b"`. */
function refuseQuotedLine(header: string, line: number): void {
  const [, name = ''] = /^\s*"([^"]*)"\s*$/.exec(header) ?? [];
  if (!OTHER_SEPARATOR.test(name)) return;
  const message = `the quotes around ${name} make one column of it: take them away, in the rows as well`;
  throw new Problem('INVALID_REQUEST', [{ line, message }]);
}
