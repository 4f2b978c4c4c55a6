import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { killTree, processTree } from './process-tree.ts';

/** A process with a child, which has a child of its own; the innermost says when all are there. */
const NESTED = `
const { spawn } = require('node:child_process');
const depth = Number(process.argv[1]);
if (depth === 0) console.log('ready');
else spawn(process.execPath, ['-e', process.env.PROGRAM, String(depth - 1)], { stdio: 'inherit' });
setInterval(() => {}, 1000);
`;

it('all processes that descend from one are killed with it', async () => {
  const child = spawn(process.execPath, ['-e', NESTED, '2'], {
    env: { ...process.env, NODE_OPTIONS: '', PROGRAM: NESTED },
  });
  await once(child.stdout, 'data');
  const pid = Number(child.pid);
  expect(processTree(pid)).toHaveLength(3);
  expect(processTree(pid)[0]).toBe(pid);
  // The pipe is closed when the last of those that hold it has ended.
  const closed = once(child, 'close');
  expect(killTree(pid)).toBe(3);
  expect(await closed).toEqual([null, 'SIGKILL']);
  expect(killTree(pid)).toBe(0);
});
