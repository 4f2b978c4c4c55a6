import { setTimeout as pause } from 'node:timers/promises';
import { json } from '../../src/cli/api.ts';
import type { OrderView, Receipt } from '../../src/cli/responses.ts';
import { Baton, type CallbackReceipt } from '../../src/client/index.ts';
import type { Demonstration } from './demonstration.ts';
import { PATIENCE_MS, untilEnded } from './demonstration.ts';
import type { Question } from './desk.ts';

const LOOK_EVERY_MS = 100;

/** Orders that wait for a person, who has nothing of Baton but the token of a task. */
export async function showApproval({ api, checks }: Demonstration, deskUrl: string): Promise<void> {
  checks.title('Callbacks: a person approves a dear trip, and turns another down');
  const person = new Baton({ url: api.url });
  const place = async (price: number) => {
    const order = { todo: ['approve', 'flight'], input: { to: 'Oslo', price } };
    return (await api.post<Receipt>('/orders', json(order))).body.orderId;
  };

  const approved = await place(4000);
  const question = await asked(deskUrl, approved);
  const waiting = await untilDeferred(() => api.get<OrderView>(`/orders/${approved}`));
  checks.pass(
    'the order waits, and no instance with it',
    checks.equal('the approval: its task', waiting.tasks[0]?.status, 'deferred'),
    checks.equal('the approval: token', JSON.stringify(waiting).includes(question.token), false),
  );
  const forged = `${question.token.slice(0, -4)}AAAA`;
  const yes = { ...question.trip, approvedBy: 'Ada' };
  checks.equal(
    'a forged token',
    await codeOf(person.tasks.complete(forged, yes)),
    'INVALID_TASK_TOKEN',
  );
  const first = await person.tasks.complete(question.token, yes);
  const again = await person.tasks.complete(question.token, yes);
  const regret = { code: 'REJECTED', message: 'or not', retry: 'never' } as const;
  const order = await untilEnded(api, approved);
  checks.pass(
    'she approves, and presses the button twice; the second time changes nothing',
    checks.equal('the approval: first', first.taken, true),
    checks.equal('the approval: again', again.repeated, true),
    checks.equal(
      'the regret',
      await codeOf(person.tasks.fail(question.token, regret)),
      'TASK_ANSWERED',
    ),
    checks.completed('the approved trip', order),
    checks.equal(
      'the approved trip: by whom',
      (order.result as { approvedBy?: string }).approvedBy,
      'Ada',
    ),
  );

  const rejected = await place(5000);
  const { token } = await asked(deskUrl, rejected);
  await person.tasks.fail(token, { code: 'REJECTED', message: 'too dear', retry: 'never' });
  const turnedDown = await untilEnded(api, rejected);
  checks.pass(
    'she turns another down: its order fails with her words',
    checks.equal('the rejected trip', turnedDown.error?.message, 'too dear'),
  );
}

/** The question about the order, once the desk has it. */
async function asked(deskUrl: string, orderId: string): Promise<Question> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const response = await fetch(`${deskUrl}/questions`);
    const questions = (await response.json()) as Question[];
    const question = questions.find((one) => one.orderId === orderId);
    if (question !== undefined) return question;
    if (performance.now() > until) throw new Error(`nobody asks about order ${orderId}`);
    await pause(LOOK_EVERY_MS);
  }
}

/** The plugin's own answer takes a moment longer than its question. */
async function untilDeferred(look: () => Promise<OrderView>): Promise<OrderView> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const order = await look();
    if (order.tasks[0]?.status === 'deferred' || performance.now() > until) return order;
    await pause(LOOK_EVERY_MS);
  }
}

async function codeOf(call: Promise<CallbackReceipt>): Promise<string> {
  return call.then(
    () => 'taken',
    (error: { code?: string }) => error.code ?? String(error),
  );
}
