import { randomBytes } from 'node:crypto';
import { defined } from '../core/defined.ts';
import type { Clock } from '../ports/clock.ts';
import type { MasterSecret, Secrets } from '../ports/master-secret.ts';
import type { Item, Table } from './table.ts';
import { IS_NEW } from './table.ts';

const KEY = { pk: 'secret', sk: 'master' };

const SECRET_BYTES = 32;

/** So long an instance may not know that there is a new secret. */
const READ_AGAIN_MS = 5 * 60_000;

/** By then every instance takes the new secret's signatures, so that plugins may sign with its keys. */
const HANDED_OUT_AFTER_MS = 2 * READ_AGAIN_MS;

/**
 * The first who needs the secret makes it: it costs nothing while idle, and nobody outside the core ever holds it. Whoever
 * loses the race reads what the winner made. People replace it (docs/operations.md): the item then has `secret`, `earlier` and
 * `rotatedAt`, in milliseconds, until `earlier` is taken away.
 */
export function createMasterSecret(table: Table, clock: Clock): MasterSecret {
  let cached: { readonly item: Promise<Item>; readonly at: number } | undefined;

  return {
    async read() {
      const now = clock();
      if (cached === undefined || now - cached.at >= READ_AGAIN_MS) {
        cached = { item: readOrMake(table), at: now };
      }
      const { item } = cached;
      try {
        return secretsIn(await item, now);
      } catch (error) {
        if (cached?.item === item) cached = undefined;
        throw error;
      }
    },
  };
}

async function readOrMake(table: Table): Promise<Item> {
  const item = await table.get(KEY);
  if (item !== undefined) return item;
  const made = { ...KEY, secret: randomBytes(SECRET_BYTES).toString('base64url') };
  const written = await table.put(made, IS_NEW);
  return written.done ? made : written.found;
}

function secretsIn({ secret, earlier, rotatedAt }: Item, now: number): Secrets {
  const [newer, older] = [String(secret), earlier === undefined ? undefined : String(earlier)];
  if (older === undefined) return { current: newer };
  const isHandedOut = now - Number(rotatedAt ?? 0) >= HANDED_OUT_AFTER_MS;
  return isHandedOut
    ? defined({ current: newer, other: older })
    : defined({ current: older, other: newer });
}
