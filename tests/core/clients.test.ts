import { expect, it } from '@jest/globals';
import { given } from './order-specification.ts';
import { accepted, completed, plugins, publish, workflow } from './vocabulary.ts';

const setting = { workflow: workflow({ pre: ['A'] }), plugins: plugins('A'), client: 'shop' };

it("an order's client goes with it and with its facts, to the end", async () => {
  expect((await given(setting).told()).state).toMatchObject({ client: 'shop' });
  await given(setting)
    .when(accepted())
    .then({
      status: 'running',
      state: { client: 'shop' },
      commands: [publish('order.started', { client: 'shop' }), {}],
    });
  await given(setting, accepted())
    .when(completed('t1', 1))
    .then({
      status: 'completed',
      state: { client: 'shop' },
      commands: [{}, publish('order.completed', { client: 'shop' })],
    });
});

it('an order without a client says nothing of one', async () => {
  const { workflow: definition, plugins: registered } = setting;
  const { state, last } = await given(
    { workflow: definition, plugins: registered },
    accepted(),
  ).told();
  expect(JSON.stringify([state, last])).not.toContain('client');
});
