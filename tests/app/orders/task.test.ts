import { describe, expect, it, jest } from '@jest/globals';
import { logger } from '../../../src/app/logger.ts';
import type { System } from '../system.ts';
import { CONTEXT, createSystem, sqsEvent, tokenFor } from '../system.ts';

/** An order with its task of A in flight. */
async function inFlight(): Promise<System> {
  const system = createSystem();
  await system.call('POST', '/orders', { body: { orderId: 'o:1', input: 5, todo: ['A', 'B'] } });
  await system.orchestrate(sqsEvent([{ type: 'OrderAccepted', orderId: 'o:1' }]), CONTEXT);
  return system;
}

const TASK = { orderId: 'o:1', taskId: 't1', attempt: 1 };
const isOpen = async (system: System, token = tokenFor('A', TASK)) =>
  (await system.call<{ open: boolean }>('GET', `/tasks/${token}`)).body.open;

describe('GET /tasks/{token}', () => {
  it('says that an attempt in flight is open', async () => {
    expect(await isOpen(await inFlight())).toBe(true);
  });

  it.each([
    ['a task that has ended', (system: System) => system.run()],
    [
      'an order that was cancelled',
      (system: System) => system.call('POST', '/orders/o:1/cancel', { body: {} }),
    ],
    [
      'an attempt that has failed and will be tried again',
      (system: System) => {
        const failure = { code: 'BUSY', message: 'later' };
        const token = tokenFor('A', TASK);
        const answer = { type: 'TaskFailed', token, error: failure, retry: 'policy' };
        return system.orchestrate(sqsEvent([{ answers: [answer] }]), CONTEXT);
      },
    ],
  ])('says that %s is not', async (_, end) => {
    const system = await inFlight();
    await end(system);
    expect(await isOpen(system)).toBe(false);
  });

  it.each([
    ['another attempt', { ...TASK, attempt: 2 }],
    ['another task', { ...TASK, taskId: 't9' }],
    ['an order that does not exist', { ...TASK, orderId: 'o:2' }],
  ])('says that %s is not', async (_, claim) => {
    expect(await isOpen(await inFlight(), tokenFor('A', claim))).toBe(false);
  });

  it('says when the next attempt is due, and then, which one is under way', async () => {
    const system = await inFlight();
    const token = tokenFor('A', TASK);
    const standing = async (of = token) => (await system.call('GET', `/tasks/${of}`)).body;
    const error = { code: 'BUSY', message: 'later' };
    const failure = { type: 'TaskFailed', token, error, retry: 'later', afterSeconds: 90 };
    await system.orchestrate(sqsEvent([{ answers: [failure] }]), CONTEXT);
    const againAt = system.now.at + 90_000;
    expect(await standing()).toEqual({ open: false, againAt });
    expect(await standing(tokenFor('B', TASK))).toEqual({ open: false });
    await system.call('POST', '/orders/o:1/pause');
    expect(await standing()).toEqual({ open: false });
    await system.call('POST', '/orders/o:1/resume');
    expect(await standing()).toEqual({ open: false, againAt });
    system.now.at = againAt;
    const due = { type: 'DeadlinePassed', orderId: 'o:1', at: againAt };
    await system.orchestrate(sqsEvent([due]), CONTEXT);
    const instead = { attempt: 2, deadlineAt: againAt + 300_000 };
    expect(await standing()).toEqual({ open: false, instead });
    expect(await standing(tokenFor('A', { ...TASK, attempt: 2 }))).toEqual({ open: true });
    expect(await standing(tokenFor('A', { ...TASK, attempt: 3 }))).toEqual({ open: false });
    expect(await standing(tokenFor('B', TASK))).toEqual({ open: false });
  });

  it('says that nothing is to be begun of an attempt that somebody else finishes', async () => {
    const system = await inFlight();
    const token = tokenFor('A', TASK);
    const retry = { type: 'TaskFailed', token, error: { code: 'BUSY', message: 'later' } };
    const failure = { ...retry, retry: 'later', afterSeconds: 90 };
    await system.orchestrate(sqsEvent([{ answers: [failure] }]), CONTEXT);
    system.now.at += 90_000;
    const due = { type: 'DeadlinePassed', orderId: 'o:1', at: system.now.at };
    await system.orchestrate(sqsEvent([due]), CONTEXT);
    const second = tokenFor('A', { ...TASK, attempt: 2 });
    const at = system.now.at;
    const deferral = { type: 'TaskDeferred', token: second, sentAt: at };
    const ran = { startedAt: at, endedAt: at };
    await system.orchestrate(sqsEvent([{ answers: [{ ...deferral, ran }] }]), CONTEXT);
    const standing = async (of: string) => (await system.call('GET', `/tasks/${of}`)).body;
    expect(await standing(second)).toEqual({ open: true, deferred: true });
    expect(await standing(token)).toEqual({ open: false });
  });

  it("says that another plugin's task is not", async () => {
    expect(await isOpen(await inFlight(), tokenFor('B', TASK))).toBe(false);
  });

  it.each([
    ['a forged token', `${tokenFor('A', TASK).slice(0, -4)}AAAA`],
    ['a token of another claim', tokenFor('A', TASK).replace('.1.A.', '.2.A.')],
    ['a text that is no token', 'o:1.t1'],
  ])('refuses %s, and the log does not hold it', async (_, token) => {
    const lines: unknown[] = [];
    const info = jest.spyOn(logger, 'info').mockImplementation((...line) => {
      lines.push(line);
    });
    const { status, body } = await (await inFlight()).call('GET', `/tasks/${token}`);
    const other = await (await inFlight()).call('DELETE', `/tasks/${token}`);
    info.mockRestore();
    expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
    expect(other.status).toBe(405);
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).toContain('GET /tasks/{token}');
    expect(JSON.stringify(lines)).not.toContain(token);
  });

  it('needs no bearer token, and says nothing else of the order', async () => {
    const { body } = await (await inFlight()).call('GET', `/tasks/${tokenFor('A', TASK)}`);
    expect(body).toEqual({ open: true });
  });
});
