import type { Json } from '../core/json.ts';

const LONGEST = 200;

/** A value on one line, shortened where it is long. */
export function oneLineJson(value: Json | undefined, longest = LONGEST): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** A workflow as people write it: ad-hoc lists have a hash for a name, which tells nobody anything. */
export function sayWorkflow({
  name,
  version,
}: {
  readonly name: string;
  readonly version: number;
}): string {
  return isAdHoc(name) ? 'ad hoc' : `${name} v${version}`;
}

export function isAdHoc(name: string): boolean {
  return /^todo-[0-9a-f]{32}$/.test(name);
}
