import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readInputValue } from '../../src/cli/input-value.ts';
import { runBaton } from './run-baton.ts';

let folder: string;
const at = (file: string) => path.join(folder, file);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'baton-try-'));
  await writeFile(
    at('make.yml'),
    `name: make
activities:
  - name: make
    pre: [validate]
    parallel: "*"
    post: [{ plugin: notify, when: attributes.priority = "high" }, charge]
`,
  );
  await writeFile(
    at('plugins.yml'),
    `resize:
  joins: [{ activity: make, stage: parallel }]
  result: small
charge:
  attempts: [{ error: closed, retryAfterSeconds: 60 }, { result: paid }]
`,
  );
  await writeFile(at('input.json'), '{"customer": "Ada"}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('try shows each attempt with input and outcome, who is left out and why, and the result', async () => {
  const { stdout, stderr, exitCode } = await runBaton([
    ...['try', at('make.yml'), '--plugins', at('plugins.yml'), '--input', `@${at('input.json')}`],
  ]);
  expect(stderr).toBe('');
  const lines = stdout.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());
  expect(lines).toEqual([
    'make completed after 1 min 4 s (simulated)',
    '',
    'at task stage input outcome',
    '+0 ms validate make.pre {"customer":"Ada"} {"customer":"Ada"}',
    '+1 s resize make.parallel {"customer":"Ada"} "small"',
    '+2 s charge make.post {"resize":"small"} UNEXPECTED_ERROR: closed',
    '+1 min 3 s charge, attempt 2 make.post {"resize":"small"} "paid"',
    'make.post: notify is skipped: its `when` is false',
    '',
    'result "paid"',
    '',
  ]);
  expect(exitCode).toBe(0);
});

it('try ends with 1 if the order would fail, and with 2 if a file is wrong, with file and line', async () => {
  await writeFile(at('failing.yml'), 'charge: { attempts: [{ error: broke, retry: never }] }');
  const failed = await runBaton(['--json', 'try', at('make.yml'), '--plugins', at('failing.yml')]);
  expect(failed.exitCode).toBe(1);
  expect(JSON.parse(failed.stdout)).toMatchObject({
    order: { status: 'failed', error: { message: 'broke', task: 'charge' } },
  });
  await writeFile(at('wrong.yml'), 'activities:\n  - name: make\n    pre: [1]\n');
  const wrong = await runBaton(['try', at('wrong.yml')]);
  expect(wrong).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('wrong.yml, line 3: '),
  });
});

it.each([
  ['5', 5],
  ['{"a": 1}', { a: 1 }],
  ['"5"', '5'],
  ['true', true],
  ['Ada', 'Ada'],
  ['harbour 7', 'harbour 7'],
  ['truely', 'truely'],
])('--input %s is %j', (text, value) => {
  expect(readInputValue(text)).toEqual(value);
});

it('what looks like JSON and is none is no text: a slip would go unnoticed', () => {
  for (const text of ['{"a": 1', '[1,', '"a', '5a', '-1-']) {
    expect(() => readInputValue(text)).toThrow('put it into quotes');
  }
  expect(() => readInputValue('@no-such-file')).toThrow('There is no file no-such-file.');
});
