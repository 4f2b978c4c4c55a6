/** The program of a process that calls one function and sends what it returned, or why it failed: see own-process.ts. */
import type { Answer, Call } from './own-process.ts';

// Whoever asked has ended, and nobody waits for the answer.
process.on('disconnect', () => process.exit());

process.once('message', async (call: Call) => {
  const answer = await answerTo(call);
  process.send?.(answer, () => process.disconnect());
});

async function answerTo({ module, name, args }: Call): Promise<Answer> {
  try {
    const exported = await import(module);
    return { result: await exported[name](...args) };
  } catch (error) {
    return { error };
  }
}
