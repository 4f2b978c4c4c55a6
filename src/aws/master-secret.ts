import { randomBytes } from 'node:crypto';
import type { MasterSecret } from '../ports/master-secret.ts';
import type { Table } from './table.ts';
import { IS_NEW } from './table.ts';

const KEY = { pk: 'secret', sk: 'master' };

const SECRET_BYTES = 32;

/**
 * The first who needs the secret makes it: it costs nothing while idle, and nobody outside the core ever holds it. Whoever
 * loses the race reads what the winner made.
 */
export function createMasterSecret(table: Table): MasterSecret {
  let cached: Promise<string> | undefined;

  return {
    read() {
      cached ??= readOrMake(table).catch((error: unknown) => {
        cached = undefined;
        throw error;
      });
      return cached;
    },
  };
}

async function readOrMake(table: Table): Promise<string> {
  const item = await table.get(KEY);
  if (item !== undefined) return String(item.secret);
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const written = await table.put({ ...KEY, secret }, IS_NEW);
  return written.done ? secret : String(written.found.secret);
}
