import type { KeyObject } from 'node:crypto';
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
} from 'node:crypto';
import type { Table } from './table.ts';
import { IS_NEW } from './table.ts';

const KEY = { pk: 'seal', sk: 'key' };
const KEY_BYTES = 32;

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Orders whose keys an instance remembers: it seals for most that it opens something of, and to make a key takes as long as to seal. */
const MAX_KEYS = 1000;

/** Lets bytes of an order pass through the hands of others, who can neither read nor change them. */
export interface Sealing {
  /** `undefined` while the key cannot be had. */
  seal(orderId: string, bytes: Uint8Array): Promise<string | undefined>;
  /** `undefined` for what was not sealed for this order with the key as it is now, or while that cannot be had. */
  open(orderId: string, sealed: string): Promise<Uint8Array | undefined>;
}

/**
 * The key stands in the table: the first who needs it makes it. Whoever may write journals may read it, and nobody else. It is not the
 * master secret, which fewer functions may know. Nothing depends on it: what cannot be opened is read from the journal.
 */
export function createSealing(table: Table): Sealing {
  let reading: Promise<KeyObject> | undefined;
  const keys = new Map<string, KeyObject>();

  async function cipherKey(orderId: string): Promise<KeyObject | undefined> {
    const known = keys.get(orderId);
    if (known !== undefined) return known;
    reading ??= readOrMake(table).then((secret) => createSecretKey(secret, 'utf8'));
    const own = reading;
    try {
      const key = keyOf(await own, orderId);
      if (keys.size >= MAX_KEYS) keys.clear();
      keys.set(orderId, key);
      return key;
    } catch {
      if (reading === own) reading = undefined;
      return undefined;
    }
  }

  return {
    async seal(orderId, bytes) {
      const key = await cipherKey(orderId);
      if (key === undefined) return undefined;
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      const sealed = [nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(sealed).toString('base64url');
    },

    async open(orderId, sealed) {
      const key = await cipherKey(orderId);
      const bytes = Buffer.from(sealed, 'base64url');
      if (key === undefined || bytes.byteLength < NONCE_BYTES + TAG_BYTES) return undefined;
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([
          decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
          decipher.final(),
        ]);
      } catch {
        return undefined;
      }
    },
  };
}

/** Each order has a key of its own: what is sealed for one opens for no other, and random nonces never run short. */
function keyOf(secret: KeyObject, orderId: string): KeyObject {
  return createSecretKey(createHmac('sha256', secret).update(orderId).digest());
}

async function readOrMake(table: Table): Promise<string> {
  const item = await table.get(KEY);
  if (item !== undefined) return String(item.secret);
  const secret = randomBytes(KEY_BYTES).toString('base64url');
  const written = await table.put({ ...KEY, secret }, IS_NEW);
  return written.done ? secret : String(written.found.secret);
}
