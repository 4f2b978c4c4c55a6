import { expect, it } from '@jest/globals';
import { inOwnProcess } from './own-process.ts';

const module = new URL('./fixture/called.ts', import.meta.url).href;

it('brings back what the function returned, as it was', async () => {
  const called = inOwnProcess<Date>({ module, name: 'later', args: [new Date(41)] });
  expect((await called).getTime()).toBe(42);
});

it('fails as the function fails', async () => {
  const failing = inOwnProcess({ module, name: 'fail', args: [] });
  await expect(failing).rejects.toThrow('this fails');
});

it('says how the process ended where it could not answer', async () => {
  const crashing = inOwnProcess({ module, name: 'crash', args: [] });
  await expect(crashing).rejects.toThrow('the process of crash ended with SIGSEGV');
  const leaving = inOwnProcess({ module, name: 'leave', args: [] });
  await expect(leaving).rejects.toThrow('the process of leave ended with 3');
});
