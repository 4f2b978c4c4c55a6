import { isAdHoc } from '../contract/ad-hoc-name.ts';
import type { Json } from '../core/json.ts';

const LONGEST = 200;

/** A value on one line, whole: for tables, which cut what they have no room for. */
export function wholeJson(value: Json | undefined): string {
  return JSON.stringify(value) ?? '';
}

/** A value on one line, shortened. */
export function oneLineJson(value: Json | undefined): string {
  const text = wholeJson(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** How a plugin took no part. */
export const LEFT_OUT = {
  skipped: 'is skipped',
  notInvited: 'is not invited',
  calledOff: 'is called off',
} as const;

/** A workflow for people: the name of an ad-hoc list is a hash, which tells nobody anything. */
export function formatWorkflow({
  name,
  version,
}: {
  readonly name: string;
  readonly version: number;
}): string {
  return isAdHoc(name) ? 'ad hoc' : `${name} v${version}`;
}
