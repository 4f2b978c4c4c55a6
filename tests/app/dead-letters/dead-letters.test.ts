import { describe, expect, it } from '@jest/globals';
import { createSystem, T0, tokenFor } from '../system.ts';

interface Letter {
  readonly id: string;
  readonly about: readonly object[];
  readonly body: string;
}

const task = { orderId: 'o-1', taskId: 't1', attempt: 2 };
const token = tokenFor('A', task);

function withLetters(...bodies: readonly string[]) {
  const system = createSystem();
  for (const [index, body] of bodies.entries()) {
    const id = `m-${index}`;
    system.ports.deadLetters.letters.set(id, { id, sentAt: T0, body });
  }
  return system;
}

const answers = JSON.stringify({ answers: [{ type: 'TaskCompleted', token, result: 'x' }, 5] });

describe('dead letters', () => {
  it('say what they are about, and when they were sent', async () => {
    const nudge = JSON.stringify({ type: 'DeadlinePassed', orderId: 'o-2', at: 1 });
    const system = withLetters(answers, nudge, 'no JSON', '"text"', '{"answers": []}');
    const { body } = await system.call<{ deadLetters: Letter[]; total: number }>(
      ...(['GET', '/dead-letters'] as const),
    );
    expect(body.total).toBe(5);
    expect(body.deadLetters.map(({ about }) => about)).toEqual([
      [{ type: 'TaskCompleted', ...task, plugin: 'A' }, {}],
      [{ type: 'DeadlinePassed', orderId: 'o-2' }],
      ...[[], [], []],
    ]);
    expect(body.deadLetters[0]).toMatchObject({
      ...{ id: 'm-0', sentAt: new Date(T0).toISOString(), bytes: answers.length },
    });
  });

  it('show no token with which somebody could answer for the task', async () => {
    const system = withLetters(answers);
    const listed = await system.call<object>('GET', '/dead-letters');
    const one = await system.call<Letter>('GET', '/dead-letters/m-0');
    const signature = token.split('.').at(-1) ?? '';
    for (const { body } of [listed, one]) expect(JSON.stringify(body)).not.toContain(signature);
    expect(one.body.body).toContain('o-1.t1.2.A.…');
  });

  it('are listed in short, and shown whole', async () => {
    const long = 'x'.repeat(2000);
    const system = withLetters(long);
    const list = await system.call<{ deadLetters: Letter[] }>('GET', '/dead-letters');
    expect(list.body.deadLetters[0]?.body).toHaveLength(500);
    expect((await system.call<Letter>('GET', '/dead-letters/m-0')).body.body).toBe(long);
  });

  it('are sent again as they were, and are gone', async () => {
    const system = withLetters(answers);
    const redrive = () => system.call('POST', '/dead-letters/m-0/redrive');
    expect(await redrive()).toMatchObject({ status: 200, body: { id: 'm-0' } });
    expect(system.ports.deadLetters.redriven).toEqual([answers]);
    expect(await redrive()).toMatchObject({ status: 404 });
  });

  it('are dropped', async () => {
    const system = withLetters(answers);
    const drop = () => system.call('DELETE', '/dead-letters/m-0');
    expect(await drop()).toMatchObject({ status: 200, body: { id: 'm-0' } });
    expect(await drop()).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('are for operators', async () => {
    const system = withLetters(answers);
    const as = { kind: 'client', client: 'X' };
    for (const [method, path] of [
      ['GET', '/dead-letters'],
      ['GET', '/dead-letters/m-0'],
      ['POST', '/dead-letters/m-0/redrive'],
      ['DELETE', '/dead-letters/m-0'],
    ] as const) {
      expect(await system.call(method, path, { as })).toMatchObject({ status: 403 });
    }
    expect(system.ports.deadLetters.letters.size).toBe(1);
  });
});
