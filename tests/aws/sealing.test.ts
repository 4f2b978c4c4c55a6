import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { createSealing } from '../../src/aws/sealing.ts';
import type { Table } from '../../src/aws/table.ts';
import { advanced, placed } from '../ports/entries.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';
import { openTable } from './embedded-table.ts';

let aws: EmbeddedAws;
let table: Table;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
beforeEach(async () => {
  ({ table } = await openTable(aws));
});
afterAll(() => aws.stop());

const BYTES = Buffer.from('where the order stands');

describe('what is sealed for an order', () => {
  it('opens for it in every instance, and says nothing to others', async () => {
    const sealed = (await createSealing(table).seal('o1', BYTES)) ?? '';
    expect(Buffer.from((await createSealing(table).open('o1', sealed)) ?? [])).toEqual(BYTES);
    expect(Buffer.from(sealed, 'base64url').includes('order')).toBe(false);
    expect(await createSealing(table).seal('o1', BYTES)).not.toBe(sealed);
  });

  it('opens for no other order, and under no other key', async () => {
    const sealing = createSealing(table);
    const sealed = (await sealing.seal('o1', BYTES)) ?? '';
    expect(await sealing.open('o2', sealed)).toBeUndefined();
    await table.delete({ pk: 'seal', sk: 'key' });
    expect(await createSealing(table).open('o1', sealed)).toBeUndefined();
  });

  it('opens after so many others that its key is no longer remembered', async () => {
    const sealing = createSealing(table);
    const sealed = (await sealing.seal('o1', BYTES)) ?? '';
    for (let other = 0; other < 2500; other += 1) await sealing.seal(`other-${other}`, BYTES);
    expect(await sealing.open('o2', sealed)).toBeUndefined();
    expect(await sealing.open('o1', sealed)).toEqual(BYTES);
  });

  it('does not open once any byte of it is another, is missing, or is one too many', async () => {
    const sealing = createSealing(table);
    const bytes = Buffer.from((await sealing.seal('o1', BYTES)) ?? '', 'base64url');
    const changed = [...bytes.keys()].map((at) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy;
    });
    const cut = [...bytes.keys()].map((length) => bytes.subarray(0, length));
    for (const one of [...changed, ...cut, Buffer.concat([bytes, Buffer.of(0)])]) {
      expect(await sealing.open('o1', one.toString('base64url'))).toBeUndefined();
    }
  });

  it('has the key that the first instance made, whoever asks at once', async () => {
    const sealings = Array.from({ length: 20 }, () => createSealing(table));
    const sealed = await Promise.all(sealings.map((one) => one.seal('o1', BYTES)));
    for (const text of sealed) {
      expect(await createSealing(table).open('o1', text ?? '')).toBeDefined();
    }
  });

  it('is nothing while the key cannot be had, and the next time it is asked for again', async () => {
    let isDown = true;
    const get: Table['get'] = async (key) => {
      if (isDown) throw new Error('throttled');
      return table.get(key);
    };
    const sealing = createSealing({ ...table, get });
    expect(await sealing.seal('o1', BYTES)).toBeUndefined();
    expect(await sealing.open('o1', 'AAAA')).toBeUndefined();
    isDown = false;
    const sealed = (await sealing.seal('o1', BYTES)) ?? '';
    expect(await sealing.open('o1', sealed)).toBeDefined();
  });
});

describe('a journal seals', () => {
  const order = { orderId: 'o1' };
  const open = () => createJournal(table, createMemoryPayloads(), { retentionDays: 30 });

  it('no entry that is larger than messages should carry', async () => {
    const journal = open();
    const large = placed(order, randomBytes(2100).toString('base64'));
    await journal.append(large);
    expect(await journal.seal(large)).toBeUndefined();
  });

  it('no entry that is told by another, and none that it has not stored', async () => {
    const journal = open();
    const value = randomBytes(1200).toString('base64');
    const first = placed(order, value);
    const second = advanced(order, 1, value);
    await journal.append(first);
    await journal.append(second, first);
    expect(await journal.seal(second)).toBeUndefined();
    expect(await journal.seal(advanced(order, 2))).toBeUndefined();
  });

  it('what goes on where it is opened: the next entry knows when the order expires, without a read', async () => {
    const journal = open();
    const first = placed(order);
    await journal.append(first);
    const sealed = (await journal.seal(first)) ?? '';
    const reads: string[] = [];
    const get: Table['get'] = async (key) => {
      reads.push(key.pk);
      return table.get(key);
    };
    const pages: Table['pages'] = (query) => {
      reads.push('pages');
      return table.pages(query);
    };
    const another = createJournal({ ...table, get, pages }, createMemoryPayloads(), {
      retentionDays: 30,
    });
    await another.unseal('o1', sealed);
    const known = another.lastStored('o1');
    expect(known).toEqual(first);
    expect(await another.append(advanced(order, 1), known)).toBe('stored');
    expect(reads).toEqual(['seal']);
    const items = [0, 1].map((n) => table.get({ pk: 'order#o1', sk: `e#00000${n}` }));
    const [one, two] = await Promise.all(items);
    expect(two?.expiresAt).toBe(one?.expiresAt);
  });
});
