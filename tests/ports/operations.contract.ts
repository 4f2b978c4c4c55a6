import { describe, expect, it } from '@jest/globals';
import type { Operation, Operations } from '../../src/ports/operations.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';

export const operation = (operationId: string, more: Partial<Operation> = {}): Operation => ({
  operationId,
  act: { action: 'cancel' },
  filter: { workflow: 'w', from: T0 - 1000 },
  ratePerSecond: 10,
  actor: 'operator ada',
  askedAt: T0,
  fingerprint: 'f',
  status: 'running',
  ...{ matched: 3, done: 0, refused: 0, refusals: {}, page: 0 },
  ...more,
});

export function operationsContract(open: OpenStore<Operations>): void {
  describe('operations', () => {
    it('are there for everyone, once each', async () => {
      const store = await open();
      expect(await store.connect().add(operation('op-1'))).toBe(true);
      expect(await store.connect().add(operation('op-1', { page: 7 }))).toBe(false);
      expect(await store.connect().add(operation('op-2'))).toBe(true);
      expect(await store.connect().get('op-1')).toEqual(operation('op-1'));
      expect(await store.connect().get('op-3')).toBeUndefined();
      const all = await store.connect().list();
      expect(all.map(({ operationId }) => operationId).sort()).toEqual(['op-1', 'op-2']);
    });

    it('change, unless there is nothing to change or to be changed', async () => {
      const operations = (await open()).connect();
      await operations.add(operation('op-1'));
      const stopped = operation('op-1', { status: 'stopped' });
      const stop = (one: Operation) => ({ ...one, status: 'stopped' }) as const;
      expect(await operations.change('op-1', stop)).toEqual(stopped);
      expect(await operations.change('op-1', () => undefined)).toEqual(stopped);
      expect(await operations.get('op-1')).toEqual(stopped);
      expect(await operations.change('op-2', stop)).toBeUndefined();
    });

    it('lose no change of several at once', async () => {
      const store = await open();
      await store.connect().add(operation('op-1'));
      const add = (one: Operation) => ({ ...one, done: one.done + 1 });
      await Promise.all(Array.from({ length: 8 }, () => store.connect().change('op-1', add)));
      expect((await store.connect().get('op-1'))?.done).toBe(8);
    });
  });
}
