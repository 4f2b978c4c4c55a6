import { expect, it } from '@jest/globals';
import type * as z from 'zod';
import { LIFECYCLE_FACTS } from '../../src/contract/lifecycle-facts.ts';
import { taskMessageSchema } from '../../src/contract/task-message.ts';
import type { OrderFact, PluginFact } from '../../src/core/command.ts';
import type { TokenFact } from '../../src/ports/lifecycle.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { createSystem } from '../app/system.ts';

// Types that are published and have no schema stop the compiler here.
const SCHEMAS: Record<(OrderFact | PluginFact | TokenFact)['type'], z.ZodType> = LIFECYCLE_FACTS;

it('facts and task messages that leave the system are as the reference says', async () => {
  const messages: OutgoingMessage[] = [];
  const system = createSystem();
  const { messenger } = system.ports;
  const { send } = messenger;
  Object.assign(messenger, {
    send: (sent: readonly OutgoingMessage[]) => {
      messages.push(...sent);
      return send(sent);
    },
  });
  await system.call('POST', '/clients/X/tokens', { body: { name: 'shop', expiresInDays: 1 } });
  await system.call('POST', '/orders', {
    body: { input: 5, todo: ['A', ['A', 'B']], attributes: { express: true } },
  });
  await system.run();

  const facts = messages.flatMap((one) => (one.to === 'lifecycle' ? [one.body] : []));
  const published = [...facts, ...system.facts] as (OrderFact | PluginFact | TokenFact)[];
  expect(published.map(({ type }) => type)).toEqual([
    ...['order.started', 'order.completed', 'token.minted'],
  ]);
  for (const fact of published) expect(SCHEMAS[fact.type].parse(fact)).toEqual(fact);
  const tasks = messages.flatMap((one) =>
    one.to === 'plugin' || one.to === 'broadcast' ? [one.body] : [],
  );
  expect(tasks.length).toBeGreaterThanOrEqual(2);
  for (const task of tasks) expect(taskMessageSchema.parse(task)).toEqual(task);
});
