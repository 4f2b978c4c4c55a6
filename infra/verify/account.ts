import { fileURLToPath } from 'node:url';
import { run } from './command.ts';

const READER = fileURLToPath(new URL('./moto/account.py', import.meta.url));

/** Everything in the account, read over the API: by section, then by name. */
export type Account = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export async function readAccount(python: string, url: string): Promise<Account> {
  return JSON.parse(await run(python, [READER, url], { seconds: 240 })) as Account;
}

/** The paths of the leaves in which two accounts differ, sorted. */
export function differences(before: unknown, after: unknown, at = ''): string[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) =>
      differences(before[key], after[key], at === '' ? key : `${at} > ${key}`),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [at];
}

/** The number of items in each section, on one line. */
export function countsOf(account: Account): string {
  return Object.entries(account)
    .map(([section, items]) => `${Object.keys(items).length} ${section}`)
    .join(', ');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
