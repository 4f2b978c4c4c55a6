import { expect, it } from '@jest/globals';
import { createRememberedEntries } from '../../src/aws/remembered-entries.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';

const entry = { number: 0 } as JournalEntry;

// Was: a remembered entry of 140 bytes kept the 64 KB alive that its bytes were a part of: 20 MB an instance after 2,000 orders.
// Now: it has its own bytes.
it('an entry is remembered with bytes of its own', () => {
  const remembered = createRememberedEntries();
  const part = new Uint8Array(64 * 1024).fill(7, 100, 240).subarray(100, 240);
  remembered.keep('order', [{ body: part, entry }]);
  const [kept] = remembered.of('order');
  expect(kept?.body).toEqual(part);
  expect(kept?.body.buffer.byteLength).toBe(140);
});

// Was: only packed bytes counted, so that 30,000 small entries were remembered, whose objects took 75 MB.
// Now: an entry counts as at least 1 KB.
it('of small entries no more than 4096 are remembered, the latest', () => {
  const remembered = createRememberedEntries();
  for (let order = 0; order < 5000; order += 1)
    remembered.keep(String(order), [{ body: new Uint8Array(140), entry }]);
  const kept = Array.from({ length: 5000 }, (_, order) => remembered.of(String(order)).length);
  expect(kept.filter((entries) => entries > 0)).toHaveLength(4096);
  expect(kept.at(-1)).toBe(1);
});
