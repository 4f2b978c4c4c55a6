import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CommanderError } from 'commander';
import type * as z from 'zod';
import { makeProgram } from '../../src/cli/program.ts';
import { HTTP_CALLS } from '../../src/contract/http-calls.ts';
import { parse } from '../../src/contract/parse.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
};

/** Flags of `npm start` and of `baton dev`. */
const START_FLAGS = new Set(
  [...readFileSync('infra/local/start.ts', 'utf8').matchAll(/'(--[\w-]+)/g)].map(
    ([, flag]) => flag,
  ),
);

/** Other people's programs: that the command line is right, nobody but they can say. */
const OTHERS = new Set([
  ...[
    'aws',
    'cd',
    'cp',
    'date',
    'echo',
    'export',
    'git',
    'jq',
    'mkdir',
    'node',
    'openssl',
    'printf',
    'rm',
  ],
  ...[
    'sam',
    'sed',
    'seq',
    'sleep',
    'serverless',
    'tr',
    'esbuild',
    'cat',
    'docker',
    'brew',
    'kill',
    'python3',
  ],
]);

/** What is wrong with a command line of a page, or nothing. */
export async function wrongWith(words: readonly string[]): Promise<string | undefined> {
  const [name = '', ...args] = words;
  switch (name) {
    case 'npx': {
      const [tool = '', ...rest] = args.filter((one) => one !== '--yes');
      return wrongWith([tool === 'batonflow' ? 'baton' : tool, ...rest]);
    }
    case 'baton':
      return wrongWithBaton(args);
    case 'npm':
      return wrongWithNpm(args);
    case 'curl':
      return wrongWithCurl(args);
    default:
      return OTHERS.has(name) ? undefined : `nobody knows the command ${name}`;
  }
}

/** The command line is parsed, and not run. */
async function wrongWithBaton(args: readonly string[]): Promise<string | undefined> {
  const program = await makeProgram(() => undefined);
  eachCommand(program, (command) => {
    command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    if (runs(command)) command.action(() => undefined);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) return `${error}`;
    // The page's files are the reader's own.
    const isFine = error.exitCode === 0 || error.message.includes('There is no file');
    return isFine ? undefined : error.message;
  }
  return args[0] === 'dev' ? wrongFlags(args.slice(1)) : undefined;
}

/** Commander tells nobody else whether a command does something itself, or only through its subcommands. */
const runs = (command: Command): boolean =>
  (command as { _actionHandler?: unknown })._actionHandler instanceof Function;

function eachCommand(command: Command, visit: (command: Command) => void): void {
  command.exitOverride();
  visit(command);
  for (const one of command.commands) eachCommand(one, visit);
}

function wrongWithNpm([verb = '', ...args]: readonly string[]): string | undefined {
  if (['ci', 'install', 'init', 'pkg', 'pack'].includes(verb)) return undefined;
  if (verb === 'start') return wrongFlags(args.slice(args.indexOf('--') + 1));
  const script = verb === 'run' ? (args[0] ?? '') : verb;
  return script in scripts ? undefined : `package.json has no script ${script}`;
}

function wrongFlags(args: readonly string[]): string | undefined {
  const unknown = args.filter(
    (one) => one.startsWith('--') && !START_FLAGS.has(one.split('=')[0] ?? ''),
  );
  return unknown.length === 0 ? undefined : `npm start has no flag ${unknown.join(', ')}`;
}

/** A call of the API is one that there is, and a body in JSON is one that its schema takes. */
function wrongWithCurl(args: readonly string[]): string | undefined {
  let method: string | undefined;
  let body: string | undefined;
  let type = 'application/x-www-form-urlencoded';
  let address = '';
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const value = () => args[++at] ?? '';
    if (word === '-X') method = value();
    else if (word === '-H') type = /^content-type: *(.*)$/i.exec(value())?.[1] ?? type;
    else if (['-d', '--data', '--data-binary', '-T', '--upload-file'].includes(word)) {
      method ??= word === '-T' ? 'PUT' : 'POST';
      body = value();
    } else if (['-o', '-w', '-u'].includes(word)) value();
    else if (!word.startsWith('-')) address = word;
  }
  const path = /^(?:https?:\/\/)?(?:localhost:\d+|\$\w+)(\/[^?]*)/.exec(address)?.[1];
  // Of the local stack's control server, and of others.
  if (path === undefined || address.startsWith('$CONTROL')) return undefined;
  const call = HTTP_CALLS.find(
    (one) =>
      one.method === (method ?? 'GET') &&
      new RegExp(`^${one.path.replaceAll(/\{.*?\}/g, '[^/]+')}$`).test(path),
  );
  if (call === undefined) return `there is no call ${method ?? 'GET'} ${path}`;
  if (body === undefined) return undefined;
  const media = Object.keys(call.body ?? {}).map((one) => one.replace('/*', '/'));
  if (!media.some((one) => type.startsWith(one))) return `${path} takes no ${type}`;
  const schema = call.body?.[type];
  if (type !== 'application/json' || schema === undefined || body.startsWith('@')) return undefined;
  try {
    // What the shell would put there.
    parse(schema as z.ZodType, JSON.parse(body.replaceAll(/\$\w+/g, 'x')));
    return undefined;
  } catch (error) {
    return `${body}: ${(error as Error).message}`;
  }
}
