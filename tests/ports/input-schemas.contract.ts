import { describe, expect, it } from '@jest/globals';
import type { InputSchemas } from '../../src/ports/input-schemas.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';

const number = { type: 'number', minimum: 0 };
const photo = { type: 'object', properties: { width: { type: 'integer' } }, required: ['width'] };

export function inputSchemasContract(open: OpenStore<InputSchemas>): void {
  describe('input schemas', () => {
    it('are what plugins declared last', async () => {
      const store = await open();
      const schemas = store.connect();
      expect(await schemas.all()).toEqual(new Map());
      await schemas.put('A', photo, T0);
      await schemas.put('constructor', photo, T0);
      await schemas.put('A', number, T0 + 1);
      expect(await store.connect().all()).toEqual(
        new Map<string, object>([
          ['A', number],
          ['constructor', photo],
        ]),
      );
      await schemas.put('constructor', undefined, T0 + 1);
      await schemas.put('B', undefined, T0);
      expect([...(await schemas.all()).keys()]).toEqual(['A']);
    });

    it('are not changed by what was declared earlier and comes late', async () => {
      const schemas = (await open()).connect();
      await schemas.put('A', number, T0 + 1);
      await schemas.put('A', photo, T0);
      await schemas.put('B', undefined, T0 + 1);
      await schemas.put('B', photo, T0);
      expect(await schemas.all()).toEqual(new Map([['A', number]]));
    });
  });
}
