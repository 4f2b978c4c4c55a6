import { createHash, randomBytes } from 'node:crypto';
import { defined } from '../core/defined.ts';
import type { Clock } from '../ports/clock.ts';
import type { TokenHolder, TokenRecord, Tokens } from '../ports/tokens.ts';
import type { Item, Table } from './table.ts';

const PARTITION = 'tokens';

const TOKEN_BYTES = 32;

/** Of the token's secret, what tells it from others; 208 bits of it stay unknown. */
const SHOWN_CHARACTERS = 8;

const TOKEN = /^baton_[co]_[\w-]{43}$/;

const START = { client: 'baton_c_', operator: 'baton_o_' } as const;

/** `pk = tokens`, `sk = <SHA-256 of the token>`: who reads the table learns no token. 256 random bits need no salt. */
export function createTokens(table: Table, clock: Clock): Tokens {
  async function itemsOf(holder: TokenHolder): Promise<readonly Item[]> {
    const found: Item[] = [];
    const partition = ['pk', PARTITION] as const;
    for await (const page of table.pages({ partition, consistent: true })) {
      found.push(...page.filter((item) => isOf(item, holder)));
    }
    return found;
  }

  return {
    async mint({ name: _, ...holder }: TokenHolder & { name?: string }, { name, expiresAt } = {}) {
      const start = START[holder.kind];
      const token = `${start}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
      const record = {
        prefix: token.slice(0, start.length + SHOWN_CHARACTERS),
        createdAt: clock(),
        ...defined({ name, expiresAt }),
      };
      // DynamoDB deletes what has expired, and counts in seconds.
      const seconds = expiresAt === undefined ? {} : { expiresAt: Math.floor(expiresAt / 1000) };
      await table.put({ ...keyOf(token), ...holder, ...record, ...seconds });
      return { token, ...record };
    },

    async holderOf(token) {
      if (!TOKEN.test(token)) return undefined;
      const item = await table.get(keyOf(token));
      return item && toHolder(item);
    },

    async list(holder) {
      return (await itemsOf(holder)).map(toRecord);
    },

    async revoke(holder, prefix) {
      const item = (await itemsOf(holder)).find((one) => one.prefix === prefix);
      if (item === undefined) return undefined;
      await table.delete({ pk: PARTITION, sk: String(item.sk) });
      return toRecord(item);
    },
  };
}

function keyOf(token: string) {
  return { pk: PARTITION, sk: createHash('sha256').update(token).digest('hex') };
}

function isOf(item: Item, holder: TokenHolder): boolean {
  return item.kind === holder.kind && (holder.kind === 'operator' || item.client === holder.client);
}

function toHolder({ kind, client, name }: Item): TokenHolder {
  if (kind !== 'operator') return { kind: 'client', client: String(client) };
  return { kind, ...defined({ name: name === undefined ? undefined : String(name) }) };
}

function toRecord({ prefix, createdAt, name, expiresAt }: Item): TokenRecord {
  return {
    prefix: String(prefix),
    createdAt: Number(createdAt),
    ...defined({ name: name === undefined ? undefined : String(name) }),
    ...defined({ expiresAt: expiresAt === undefined ? undefined : Number(expiresAt) * 1000 }),
  };
}
