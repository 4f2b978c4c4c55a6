import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Command } from 'commander';
import { makeProgram, runBaton } from '../../src/cli/program.ts';
import { textWidth } from '../../src/cli/text-width.ts';
import { FakeApi } from './fake-api.ts';
import type { ListCommand } from './list-commands.ts';
import { LIST_COMMANDS } from './list-commands.ts';

/** What they print is a sentence or two, a document to be kept, a token, or lines as they come. */
const OTHERS = [
  ...['submit', 'logs', 'open', 'whoami', 'try', 'dev', 'worker', 'deploy', 'remove'],
  ...['workflows put', 'workflows get', 'new plugin', 'new workflow', 'events send'],
  ...['plugins diff', 'plugins quarantine', 'plugins drain', 'plugins reopen'],
  ...['clients put', 'clients get', 'clients token', 'clients revoke'],
  ...['schedules put', 'schedules pause', 'schedules resume', 'schedules delete'],
  ...['cancel', 'pause', 'resume', 'retry', 'skip'],
  ...['tasks complete', 'tasks fail', 'tasks heartbeat'],
  ...['operations start', 'operations show', 'operations stop'],
  ...['dead-letters show', 'dead-letters redrive', 'dead-letters drop'],
];

/** They have subcommands, and do something without one, too. */
const RUN_THEMSELVES = new Set(['plugins']);

const api = new FakeApi();
beforeAll(async () => {
  await api.start();
});
afterAll(() => api.stop());

it('every command either lists or is known not to', async () => {
  const known = [...Object.keys(LIST_COMMANDS), ...OTHERS];
  const program = await makeProgram(() => undefined);
  expect(commandsOf(program).toSorted()).toEqual(known.toSorted());
});

describe.each(Object.entries(LIST_COMMANDS))('baton %s', (_, command) => {
  it.each([40, 60, 80, 120])(
    'prints no line wider than a terminal of %i columns',
    async (columns) => {
      const lines = (await printed(command, columns)).split('\n');
      expect(lines.filter((line) => textWidth(line) > columns)).toEqual([]);
      expect(lines[0]).not.toBe('');
    },
  );

  it('prints whole values where there is no terminal', async () => {
    const text = await printed(command);
    for (const value of command.shows) expect(text).toContain(value);
  });
});

/** What it prints on a terminal of so many columns, or without one. */
async function printed({ args, routes }: ListCommand, columns?: number): Promise<string> {
  api.reset(routes);
  let text = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  const { isTTY, columns: own } = process.stdout;
  Object.assign(process.stdout, { isTTY: columns !== undefined, columns });
  try {
    await runBaton(['--api', api.url, ...args]);
  } finally {
    Object.assign(process.stdout, { isTTY, columns: own });
    write.mockRestore();
  }
  return text;
}

/** The commands that can be run, by what one types. */
function commandsOf(command: Command, above: readonly string[] = []): readonly string[] {
  return command.commands.flatMap((one) => {
    const path = [...above, one.name()];
    const below = commandsOf(one, path);
    return below.length === 0 || RUN_THEMSELVES.has(one.name())
      ? [path.join(' '), ...below]
      : below;
  });
}
