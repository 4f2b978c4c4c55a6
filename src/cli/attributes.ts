import { InvalidArgumentError } from 'commander';
import { scalarIn } from '../contract/csv-cell.ts';
import type { Attributes } from '../core/order.ts';

/** `--attribute key=value`, once or more: `5` and `true` are read as in a CSV, all else (`007`, `a,b`) is text. */
export function readAttribute(text: string, earlier: Attributes = {}): Attributes {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('An attribute reads like severity=high.');
  const name = text.slice(0, at);
  if (name === '__proto__') throw new InvalidArgumentError(`${name}: this key is not taken.`);
  if (Object.hasOwn(earlier, name)) {
    throw new InvalidArgumentError(`The attribute ${name} stands there twice.`);
  }
  const value = text.slice(at + 1);
  return { ...earlier, [name]: scalarIn(value) ?? value };
}
