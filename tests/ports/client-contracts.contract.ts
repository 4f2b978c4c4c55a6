import { describe, expect, it } from '@jest/globals';
import type { Clients } from '../../src/ports/clients.ts';
import type { OpenStore } from './store.ts';

export function clientContractsContract(open: OpenStore<Clients>): void {
  describe('clients', () => {
    it('without a contract have none', async () => {
      expect(await (await open()).connect().get('X')).toBeUndefined();
    });

    it('have the contract that was put last', async () => {
      const store = await open();
      await store.connect().put('X', { workflow: 'imaging' });
      await store.connect().put('Y', { todo: ['A', ['B', 'C']] });
      expect(await store.connect().get('X')).toEqual({ workflow: 'imaging' });
      await store.connect().put('X', { todo: ['A'] });
      expect(await store.connect().get('X')).toEqual({ todo: ['A'] });
      expect(await store.connect().get('Y')).toEqual({ todo: ['A', ['B', 'C']] });
    });
  });
}
