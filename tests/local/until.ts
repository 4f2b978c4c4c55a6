import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the answer is truthy, for tests of real processes; fails after the deadline, which is generous: machines are slow at times. */
export async function until<Value>(
  what: string,
  ask: () => Value | Promise<Value>,
  deadlineMs = 120_000,
): Promise<NonNullable<Value>> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${deadlineMs} ms`);
    await pause(20);
  }
}
