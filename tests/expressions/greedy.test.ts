import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '../../src/core/json.ts';
import { createProcessEvaluator } from '../../src/expressions/process-evaluator.ts';
import { until } from '../local/until.ts';

jest.setTimeout(120_000);

/** Less than the real limit, so that the tests are quick. */
const LIMITS = { processorMs: 300, memoryBytes: 320 * 2 ** 20 };
const evaluator = createProcessEvaluator(LIMITS);
afterAll(() => evaluator.stop());

const scopeOf = (payload: Json = null) => ({ orderId: 'o', attributes: {}, payload });
const greedy = {
  error: expect.stringMatching(
    /^the expression takes more (than 300 ms of processor|memory).* \(in "/s,
  ),
  place: '',
};
const endless = '($f := function($n){ $f($n + 1) }; $f(1))';
const megabyte = '$t := $pad("", 1000000)';
const ordered = Array.from({ length: 20_000 }, (_, index) => index);
const shuffled = ordered.map((index) => (index * 7919) % ordered.length);

// Was: these ended the process of all orders, or held it up until Lambda ended it, and then each sweep after it.
// Now: these end a process of their own.
describe('an expression that takes too much', () => {
  it.each<[string, string, Json]>([
    ['a text as wide as the client says', '$length($pad("", payload.width))', { width: 9e7 }],
    ['a text that doubles', '$length($reduce([1..26], function($a, $i){ $a & $a }, "xxxx"))', null],
    [
      'a text that doubles, as its value',
      '$reduce([1..26], function($a, $i){ $a & $a }, "xxxx")',
      null,
    ],
    [
      'a text made longer by encoding',
      '$length($encodeUrlComponent($pad("", 20000000, "é")))',
      null,
    ],
    ['a huge join', `(${megabyte}; $length($join([1..400].$t)))`, null],
    ['a huge text of a list', `(${megabyte}; $length($string([1..300].$t)))`, null],
    ['a huge value', `(${megabyte}; [1..300].$t)`, null],
    ['an order of 20,000 sorted', '$sort(payload)', ordered],
    ['20,000 out of order sorted', 'payload^($)', shuffled],
    [
      'objects that share their parts',
      '$reduce([1..28], function($a, $i){ {"a": $a, "b": $a} }, "x")',
      null,
    ],
    ['a list of millions', '$count([1..9999999].($ * 2))', null],
    ['a million evaluated from a text', '$eval("[1..1000000].($ * 2)")', null],
    ['a tail call without end', endless, null],
    ['a recursion without end', '($f := function($n){ 1 + $f($n + 1) }; $f(1))', null],
    ['a match without end', `$match("${'a'.repeat(40)}b", /^(a+)+$/)`, null],
    ['a replacement without end', `$replace("${'a'.repeat(40)}b", /^(a|a)+$/, "")`, null],
    [
      'a test without end, twice evaluated',
      `$eval('$contains("${'a'.repeat(40)}b", /^(a+)+$/)')`,
      null,
    ],
  ])('fails, and the one beside it does not: %s', async (_, expression, payload) => {
    const templates = ['1 + 1', expression, { a: ['"text"'] }];
    expect(await evaluator.evaluate(templates, scopeOf(payload))).toEqual([
      { value: 2 },
      greedy,
      { value: { a: ['text'] } },
    ]);
  });

  it('is named by its place', async () => {
    const [answer] = await evaluator.evaluate([{ a: ['1', endless] }], scopeOf());
    expect(answer).toEqual({ ...greedy, place: '.a[1]' });
  });

  it('does not fail an order that asks at the same time', async () => {
    const all = await Promise.all([
      evaluator.evaluate([endless], scopeOf()),
      evaluator.evaluate(['payload + 1'], scopeOf(1)),
      evaluator.evaluate([endless, '2'], scopeOf()),
      evaluator.evaluate(['payload + 1'], scopeOf(2)),
    ]);
    expect(all).toEqual([[greedy], [{ value: 2 }], [greedy, { value: 2 }], [{ value: 3 }]]);
  });

  it('may come many times, and the process of the orders stays as small as it was', async () => {
    const quick = createProcessEvaluator({ ...LIMITS, processorMs: 20 });
    const before = process.memoryUsage.rss();
    for (let count = 0; count < 8; count += 1) {
      const expression = count % 2 === 0 ? '$pad("", 90000000)' : endless;
      expect(await quick.evaluate([expression], scopeOf())).toMatchObject([{ place: '' }]);
    }
    expect(await quick.evaluate(['1'], scopeOf())).toEqual([{ value: 1 }]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20);
    await quick.stop();
  });

  it('uses up four processes at most in one step', async () => {
    const quick = createProcessEvaluator({ ...LIMITS, processorMs: 20 });
    const answers = await quick.evaluate(Array(7).fill(endless), scopeOf());
    expect(answers.map((answer) => ('error' in answer ? answer.error : ''))).toEqual([
      ...Array(4).fill(
        `the expression takes more than 20 ms of processor time (in ${JSON.stringify(endless)})`,
      ),
      ...Array(3).fill(expect.stringContaining('before this one')),
    ]);
    await quick.stop();
  });
});

describe('the process', () => {
  it('is kept from one step to the next', async () => {
    await evaluator.evaluate(['1'], scopeOf());
    const pid = await evaluator.pid();
    await evaluator.evaluate(['1'], scopeOf());
    expect(await evaluator.pid()).toBe(pid);
  });

  it('that somebody ends is no fault of the expression in it', async () => {
    const slow = createProcessEvaluator({ ...LIMITS, processorMs: 60_000 });
    await slow.evaluate(['1'], scopeOf());
    const first = Number(await slow.pid());
    const answer = slow.evaluate(['$count([1..200000].($ * 2))'], scopeOf());
    process.kill(first, 'SIGKILL');
    expect(await answer).toEqual([{ value: 200_000 }]);
    expect(await slow.pid()).not.toBe(first);
    await slow.stop();
  });

  it('outlives the signals that a terminal sends to all', async () => {
    await evaluator.evaluate(['1'], scopeOf());
    const pid = Number(await evaluator.pid());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(pid, signal);
    expect(await evaluator.evaluate(['1'], scopeOf())).toEqual([{ value: 1 }]);
    expect(await evaluator.pid()).toBe(pid);
  });

  it('that cannot start is an error that passes, and no failure of an expression', async () => {
    const fresh = createProcessEvaluator(LIMITS);
    const { execPath } = process;
    process.execPath = '/there/is/no/node';
    try {
      await expect(fresh.evaluate(['1'], scopeOf())).rejects.toThrow('does not start');
    } finally {
      process.execPath = execPath;
    }
    expect(await fresh.evaluate(['1'], scopeOf())).toEqual([{ value: 1 }]);
    await fresh.stop();
  });

  it('sees nothing of the environment', async () => {
    await evaluator.evaluate(['1'], scopeOf());
    const environment = execFileSync('ps', [
      'eww',
      '-o',
      'command=',
      String(await evaluator.pid()),
    ]);
    expect(environment.toString()).not.toContain('PATH=');
  });

  it('ends when its parent is killed, and keeps no parent from ending', async () => {
    const killed = start('process.kill(process.pid, "SIGKILL")');
    const killedSandbox = await killed.sandbox;
    expect((await killed.ended)[1]).toBe('SIGKILL');
    await until('the sandbox ends', () => !isRunning(killedSandbox));
    const done = start('');
    const doneSandbox = await done.sandbox;
    expect((await done.ended)[0]).toBe(0);
    await until('the sandbox ends', () => !isRunning(doneSandbox));
  });

  it('ends with the thread that started it', async () => {
    const worker = new Worker(program('setInterval(() => {}, 1000)', 'parentPort.postMessage'), {
      eval: true,
      execArgv: [],
    });
    const [pid] = (await once(worker, 'message')) as [number];
    expect(isRunning(pid)).toBe(true);
    await worker.terminate();
    await until('the sandbox ends', () => !isRunning(pid));
  });
});

const EVALUATOR = new URL('../../src/expressions/process-evaluator.ts', import.meta.url);

/** A program that evaluates, tells the id of its sandbox, and does something else. */
function program(then: string, tell: string): string {
  return `const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(EVALUATOR.href)}).then(async ({ createProcessEvaluator }) => {
      const evaluator = createProcessEvaluator();
      await evaluator.evaluate(['1'], { orderId: 'o', attributes: {}, payload: null });
      ${tell}(await evaluator.pid());
      ${then};
    });`;
}

function start(then: string) {
  const child = spawn(process.execPath, ['-e', program(then, 'console.log')], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {},
  });
  const sandbox = once(child.stdout, 'data').then(([text]) => Number(String(text)));
  return { sandbox, ended: once(child, 'exit') };
}

/** A zombie has ended; `kill(pid, 0)` cannot tell. */
function isRunning(pid: number): boolean {
  try {
    const status = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)]).toString();
    return !status.startsWith('Z');
  } catch {
    return false;
  }
}
