import { InvalidArgumentError } from 'commander';
import type { Attributes, AttributeValue } from '../core/order.ts';

/** `--attribute key=value`, once or more: numbers and true/false are read as such, `a,b` stays text. */
export function readAttribute(text: string, earlier: Attributes = {}): Attributes {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('An attribute reads like severity=high.');
  return { ...earlier, [text.slice(0, at)]: readValue(text.slice(at + 1)) };
}

function readValue(text: string): AttributeValue {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && String(Number(text)) === text ? Number(text) : text;
}
