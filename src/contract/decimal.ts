/**
 * Whether a number as it was written is the number that JSON would write for the value: `1.10` and `1.1` are the same number,
 * `9007199254740993` and `9007199254740992` are not, nor are `1e400` and infinity.
 * @param written decimal digits, with an optional sign, fraction and exponent.
 */
export function isSameNumber(written: string, value: number): boolean {
  const printed = String(value);
  if (written === printed) return true;
  const one = decimalOf(written);
  const other = decimalOf(printed);
  return one !== undefined && one === other;
}

/** One text for each number: its digits without zeros around them, and where the point stands. `undefined` if it is none. */
function decimalOf(text: string): string | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const pointAt = digits.length - fraction.length + Number(exponent);
  return `${sign === '-' ? '-' : ''}${significant}@${pointAt}`;
}
