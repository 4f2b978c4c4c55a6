import { expect, it } from '@jest/globals';
import { makeProgram } from '../../src/cli/program.ts';

const namesOf = async (only?: string) =>
  (await makeProgram(() => undefined, only)).commands.map((command) => command.name());

it('a command that is asked for by its name is there alone', async () => {
  for (const name of await namesOf()) expect(await namesOf(name)).toEqual([name]);
});

it.each(['--json', 'ordrs', 'help', 'constructor'])(
  'after %s all of them are there',
  async (name) => {
    expect(await namesOf(name)).toEqual(await namesOf());
  },
);
