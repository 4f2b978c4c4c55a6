import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { createSystem, T0 } from '../system.ts';
import { createRegistration, listen } from './registration-world.ts';

const cloudformation = listen();

const schema = { type: 'object', properties: { width: { type: 'integer' } } };
const declaring = (inputSchema?: object) => JSON.stringify({ name: 'A', inputSchema });

describe("the schema of a plugin's input", () => {
  it('is registered beside the plugin, and not in what everybody reads who advances orders', async () => {
    const { ask, registry, inputSchemas } = createRegistration(cloudformation);
    expect(await ask({ type: 'Create', definition: declaring(schema) })).toMatchObject({
      Status: 'SUCCESS',
    });
    expect(await inputSchemas.all()).toEqual(new Map([['A', schema]]));
    expect(await registry.find('A')).not.toHaveProperty('inputSchema');
  });

  it('goes with an update that declares none, and with the plugin', async () => {
    const { ask, inputSchemas } = createRegistration(cloudformation);
    await ask({ type: 'Create', definition: declaring(schema) });
    await ask({ type: 'Update', definition: declaring() });
    expect(await inputSchemas.all()).toEqual(new Map());
    await ask({ type: 'Update', definition: declaring(schema) });
    await ask({ type: 'Delete' });
    expect(await inputSchemas.all()).toEqual(new Map());
  });

  it('is stored when the request comes again, and not when an older one comes late', async () => {
    const { ask, inputSchemas } = createRegistration(cloudformation);
    const create = { type: 'Create', requestId: 'once', sentAt: T0 } as const;
    const put = inputSchemas.put;
    inputSchemas.put = async () => {
      throw new Error('throttled');
    };
    await ask({ ...create, definition: declaring(schema) });
    expect(await inputSchemas.all()).toEqual(new Map());
    inputSchemas.put = put;
    await ask({ ...create, definition: declaring(schema) });
    expect(await inputSchemas.all()).toEqual(new Map([['A', schema]]));
    await ask({ type: 'Update', sentAt: T0 - 1, definition: declaring({ type: 'number' }) });
    expect(await inputSchemas.all()).toEqual(new Map([['A', schema]]));
  });

  it('is refused by name if it is too large', async () => {
    const { ask } = createRegistration(cloudformation);
    const definition = declaring({ description: 'x'.repeat(9000) });
    expect(await ask({ type: 'Create', definition })).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('inputSchema: a schema has at most 8192 bytes of JSON'),
    });
  });

  it('is shown with the plugin that declares it', async () => {
    const { call, ports } = createSystem();
    await ports.inputSchemas.put('B', schema, T0);
    const { body } = await call<{ plugins: { name: string; inputSchema?: JsonObject }[] }>(
      'GET',
      '/plugins',
    );
    expect(body.plugins.map(({ name, inputSchema }) => [name, inputSchema])).toEqual([
      ['A', undefined],
      ['B', schema],
    ]);
  });
});
