import { isAdHoc } from '../contract/ad-hoc-name.ts';
import type { Json } from '../core/json.ts';

const LONGEST = 200;

/** A value on one line, shortened to `longest` characters. */
export function oneLineJson(value: Json | undefined, longest = LONGEST): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** How a plugin took no part. */
export const LEFT_OUT = { skipped: 'is skipped', notInvited: 'is not invited' } as const;

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
