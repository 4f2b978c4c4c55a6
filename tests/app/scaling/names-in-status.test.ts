import { expect, it } from '@jest/globals';
import { createSystem } from '../system.ts';

// Was: an active order of a workflow called `constructor` made GET /status answer 500. Now: any name that the schema takes is counted.
it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
  'orders of a workflow and a client called %s are counted, found and listed',
  async (name) => {
    const system = createSystem();
    const definition = { on: [name], activities: [{ name, pre: ['A'] }] };
    expect((await system.call('PUT', `/workflows/${name}`, { body: definition })).status).toBe(201);
    await system.call('PUT', `/clients/${name}`, { body: { workflow: name } });
    const attributes = { [name]: 'x' };
    await system.call('POST', '/orders', { body: { client: name, input: 1, attributes } });
    await system.call('POST', '/events', { body: { type: name, data: 1 } });
    const { body } = await system.call<object>('GET', '/status');
    expect(body).toMatchObject({ orders: { active: 2, byWorkflow: { [name]: 2 } } });
    const listed = await system.call<{ orders: readonly object[] }>('GET', '/orders', {
      query: { workflow: name, client: name },
    });
    expect(listed.body.orders).toMatchObject([{ client: name, workflow: { name, version: 1 } }]);
    const shown = await system.call<object>('GET', `/workflows/${name}`);
    expect(shown.body).toMatchObject({ name, on: [name] });
  },
);
