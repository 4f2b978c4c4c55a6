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

/**
 * What separates the columns of a header: whichever of the four stands in it, outside quotes.
 * @throws {Problem} when several do: then any of them may be part of a name.
 */
export function separatorWithin(header: string, line: number): string {
  const unquoted = header.replaceAll(/"[^"]*"/g, '');
  const found = SEPARATORS.filter((separator) => unquoted.includes(separator));
  if (found.length <= 1) return found[0] ?? ',';
  const names = found.map((separator) => NAMES[separator]).join(' and ');
  const message = `the header has ${names}: quote the names that hold one, or begin the file with a line such as sep=,`;
  throw new Problem('INVALID_REQUEST', [{ line, message }]);
}
