import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { commandsFor } from '../../src/cli/logs/deployed-logs.ts';
import { findLog, isOfThisMachine } from '../../src/cli/logs/find-log.ts';
import { drawLogLine, readLogLine } from '../../src/cli/logs/log-line.ts';
import { LogReader } from '../../src/cli/logs/log-reader.ts';
import { BATON, runBaton } from './run-baton.ts';

const here = process.cwd();
let folder: string;
const data = () => path.join(folder, '.baton/shop');
const log = () => path.join(data(), 'logs/functions.log');

const failed = {
  ...{ level: 'WARN', message: 'task failed', timestamp: '2026-11-21T12:00:00.042Z' },
  ...{ plugin: 'resize', orderId: 'o-1', job: 'resize', attempt: 2, code: 'TYPE_ERROR' },
};
const STACK = `TypeError: no width
    at resize.ts:12
    at perform (/team/node_modules/batonflow/src/sdk/perform-task.js:71:39)
    at async Promise.all (index 0)`;
const written = [
  'orchestrate | {"_aws":{"Timestamp":1},"orders":1}',
  'resize | plain words of the author',
  `resize | ${JSON.stringify({ ...failed, stack: STACK })}`,
  `print | ${JSON.stringify({ ...failed, plugin: 'print', orderId: 'o-2', level: 'INFO' })}`,
];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'baton-logs-'));
  mkdirSync(path.dirname(log()), { recursive: true });
  writeFileSync(log(), `${written.join('\n')}\n`);
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true });
});

const lines = async (...args: string[]) => {
  const { stdout, exitCode } = await runBaton(['logs', '--data', data(), '--json', ...args]);
  expect(exitCode).toBe(0);
  return (JSON.parse(stdout) as { lines: { function: string; message: string }[] }).lines;
};

it('all lines are shown but figures, those of one order, of one plugin, or the last', async () => {
  expect((await lines()).map((line) => line.function)).toEqual(['resize', 'resize', 'print']);
  expect(await lines('o-1')).toMatchObject([{ function: 'resize', message: 'task failed' }]);
  expect(await lines('--plugin', 'print')).toMatchObject([{ function: 'print' }]);
  expect(await lines('--lines', '2')).toHaveLength(2);
});

it('what was moved aside when the log grew too long comes first', async () => {
  writeFileSync(`${log()}.old`, 'resize | long ago, o-1\n');
  expect((await lines('o-1')).map(({ message }) => message)).toEqual([
    ...['long ago, o-1', 'task failed'],
  ]);
});

it('a line for people says when, who and what; a stack goes below', () => {
  const paint = (_: string, text: string) => text;
  const [, plain = '', json = ''] = written;
  expect(readLogLine(written[0]!)).toBeUndefined();
  expect(drawLogLine(readLogLine(plain)!, { paint })).toBe(
    '              resize  plain words of the author',
  );
  const [first = '', ...below] = drawLogLine(readLogLine(json)!, { paint }).split('\n');
  expect(first).toMatch(
    /^\d\d:\d\d:00\.042 {2}resize {2}WARN {2}task failed {2}orderId=o-1 {2}job=resize {2}attempt=2 {2}code=TYPE_ERROR$/,
  );
  expect(below.map((line) => line.trim())).toEqual(['TypeError: no width', 'at resize.ts:12']);
});

it('--follow goes on with what is written, until Ctrl-C', async () => {
  const child = spawn(process.execPath, [...[BATON, 'logs', 'o-1', '--follow', '--data', data()]]);
  const read = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await read.next()).value).toContain('task failed');
  expect((await read.next()).value).toContain('TypeError');
  expect((await read.next()).value).toContain('at resize.ts:12');
  appendFileSync(log(), 'resize | another order\nresize | about o-1 again\n');
  expect((await read.next()).value).toContain('about o-1 again');
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(130);
});

it('a reader gives whole lines only, characters of several bytes in one piece, and begins anew with a new file', async () => {
  const file = path.join(folder, 'log');
  const reader = new LogReader(file);
  const more = async () => {
    const lines: string[] = [];
    for await (const line of reader.lines()) lines.push(line);
    return lines;
  };
  expect(await more()).toEqual([]);
  const euro = Buffer.from('5 €\n');
  writeFileSync(file, Buffer.concat([Buffer.from('one\n'), euro.subarray(0, 3)]));
  expect(await more()).toEqual(['one']);
  appendFileSync(file, euro.subarray(3));
  expect(await more()).toEqual(['5 €']);
  expect(await more()).toEqual([]);
  writeFileSync(file, 'new\n');
  expect(await more()).toEqual(['new']);
});

it('the log is found by the address at which its stack runs; else the only one there is', () => {
  expect(findLog('http://localhost:3000', undefined)).toBe('.baton/shop/logs/functions.log');
  const other = path.join(folder, '.baton/other');
  mkdirSync(path.join(other, 'logs'), { recursive: true });
  writeFileSync(path.join(other, 'logs/functions.log'), '');
  expect(() => findLog('http://localhost:3000', undefined)).toThrow(/2 logs here.*--data/);
  const running = JSON.stringify({ apiUrl: 'http://localhost:3100' });
  writeFileSync(path.join(other, 'running.json'), running);
  expect(findLog('http://127.0.0.1:3100', undefined)).toBe('.baton/other/logs/functions.log');
  expect(() => findLog('http://localhost:3000', folder)).toThrow(/is not the data folder/);
});

it('of a deployed Baton, the commands are shown that show its logs', () => {
  expect(isOfThisMachine('https://x.execute-api.eu-west-1.amazonaws.com')).toBe(false);
  expect(isOfThisMachine('http://[::1]:3000')).toBe(true);
  const plugins = [{ functionName: 'baton-dev-resize' }, {}];
  const since = '2026-11-21T12:00:00.000Z';
  expect(commandsFor(plugins, { orderId: 'o-1', since, follow: true })).toEqual([
    `aws logs tail /aws/lambda/baton-dev-resize --format short --filter-pattern '{ $.orderId = "o-1" }' --since ${since} --follow`,
  ]);
});
