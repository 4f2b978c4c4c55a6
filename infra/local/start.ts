import './isolate.ts';
import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { Command, InvalidArgumentError } from 'commander';
import { reasonAgainstParameters } from '../core/parameters.ts';
import { isSystemName, SYSTEM_NAME_RULE } from '../core/system-name.ts';
import { DataFolder } from './data/data-folder.ts';
import { ACCOUNT_ID } from './embedded/account.ts';
import { Ending } from './ending.ts';
import { LocalError, oneLine, withRemedy } from './local-error.ts';
import { LocalStack } from './local-stack.ts';
import { makeOperatorToken } from './operator-token.ts';
import { checkPort } from './ports.ts';
import { CONFIGURATION_FILE, type LoadedService } from './services/load-service.ts';
import {
  checkExtraFolders,
  checkPluginsFolder,
  serviceFolders,
} from './services/service-folders.ts';
import { Terminal } from './terminal.ts';

interface Flags {
  port: number;
  idleSeconds: number;
  alarmPeriodSeconds: number;
  param: Record<string, string>;
  data?: string;
  with: string[];
  core: string;
  plugins?: string;
  awsPort: number;
  dynamodbPort: number;
  otlp?: string;
  auth: boolean;
  reset: boolean;
  logs: boolean;
}

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const terminal = new Terminal();

/** In the npm package, which is compiled. */
const COMMAND = import.meta.url.endsWith('.ts') ? 'npm start --' : 'baton dev';

const flags = new Command(COMMAND)
  .description('Runs Baton and its plugins on this machine, with embedded AWS services.')
  .option('--port <port>', 'port of the API (0: a free one)', asPort, 3000)
  .option('--idle-seconds <seconds>', 'end an instance after this many idle seconds', asSeconds, 60)
  .option(
    '--alarm-period-seconds <seconds>',
    'how long a minute of alarms, metrics and observe lasts',
    asMinute,
    60,
  )
  .option('--param <name=value>', 'parameter of the services, e.g. system-name=beta', asParam, {})
  .option('--data <folder>', 'where the data is kept (default: .baton/<system-name>)', asFolder)
  .option('--with <folder...>', 'further services besides those under plugins/', asFolders, [])
  .option('--core <folder>', 'the folder of the core service', asFolder, REPOSITORY)
  .option('--plugins <folder>', 'folder of plugin services (default: <core>/plugins)', asFolder)
  .option('--aws-port <port>', 'port of SQS, SNS and S3 (0: a free one)', asPort, 0)
  .option('--dynamodb-port <port>', 'port of DynamoDB (0: a free one)', asPort, 0)
  .option('--otlp <url>', 'send spans of orders to this OpenTelemetry collector', asUrl)
  .option('--auth', 'ask for tokens, as deployed; otherwise this machine needs none', false)
  .option('--reset', "forget all data first: Baton's own files in the data folder", false)
  .option('--logs', 'show what functions write; otherwise only in <data>/logs/functions.log', false)
  .addHelpText(
    'after',
    `
Examples:
  npm start
  npm start -- --idle-seconds 5                            watch instances go and come back
  npm start -- --param system-name=beta --port 3100        a second system, beside the first
  npm start -- --with ../our-plugin                        a service from another repository
  AWS_ENDPOINT_URL=http://localhost:4566 npm start         use LocalStack instead of what is embedded

See docs/local.md.`,
  )
  .parse()
  .opts<Flags>();

let stack: LocalStack | undefined;
const ending = new Ending(async () => stack?.stop());

// What a dependency throws outside its promise must not take the system down.
process.on('uncaughtException', (error) => terminal.problem('local stack', oneLine(error)));
process.on('unhandledRejection', (error) => terminal.problem('local stack', oneLine(error)));

try {
  await start();
} catch (error) {
  if (!ending.hasBegun) {
    const problem = withRemedy(error);
    terminal.fail(oneLine(problem));
    if (!(problem instanceof LocalError) && problem instanceof Error) console.error(problem.stack);
    await ending.begin(1);
  }
}

async function start(): Promise<void> {
  const coreFolder = resolve(flags.core);
  const systemName = flags.param['system-name'] ?? 'baton';
  const dataPath = resolve(flags.data ?? join('.baton', systemName));
  if (!existsSync(join(coreFolder, CONFIGURATION_FILE)))
    throw new LocalError(`The folder ${coreFolder} has no ${CONFIGURATION_FILE}.`);
  if (flags.plugins !== undefined) checkPluginsFolder(flags.plugins);
  checkExtraFolders(flags.with);
  const folders = {
    pluginsFolder: resolve(flags.plugins ?? join(coreFolder, 'plugins')),
    extra: flags.with.map((folder) => resolve(folder)),
  };
  const unknown = await reasonAgainstParameters(Object.keys(flags.param), [
    coreFolder,
    ...serviceFolders(folders),
  ]);
  if (unknown !== undefined) throw new LocalError(`--param: ${unknown}`);
  await checkPort(flags.port, '--port', 'the API');
  await checkPort(flags.awsPort, '--aws-port', 'SQS, SNS and S3');
  await checkPort(flags.dynamodbPort, '--dynamodb-port', 'DynamoDB');
  const data = await DataFolder.claim(dataPath, {
    system: systemName,
    region: process.env.AWS_REGION,
    accountId: process.env.AWS_ACCOUNT_ID,
    defaultAccountId: ACCOUNT_ID,
    reset: flags.reset,
  });

  stack = new LocalStack({
    coreFolder,
    folders,
    data,
    params: {
      'system-name': systemName,
      ...(flags.otlp !== undefined && { 'otlp-endpoint': flags.otlp }),
      ...flags.param,
    },
    port: flags.port,
    awsPort: flags.awsPort,
    dynamodbPort: flags.dynamodbPort,
    idleSeconds: flags.idleSeconds,
    alarmPeriodSeconds: flags.alarmPeriodSeconds,
    auth: flags.auth,
    showLogs: flags.logs,
    terminal,
    onLost: (reason) => {
      if (!ending.hasBegun) terminal.fail(reason);
      void ending.begin(1);
    },
  });
  await stack.start();
  const token = flags.auth
    ? await makeOperatorToken(stack.controlUrl, stack.services[0])
    : undefined;
  if (!ending.hasBegun) console.log(banner(stack, systemName, data, token));
  // now, since the end must not wait for it
  flushCompileCache();
}

function banner(
  { url, services, endpoints, controlAddress }: LocalStack,
  system: string,
  { path: data, functionLog: log }: DataFolder,
  token: string | undefined,
) {
  const [, ...plugins] = services;
  const names = plugins
    .sort(byName)
    .map(({ name, functions }) => `${name} (${functions.map(pluginOf).join(', ')})`);
  const seconds = (performance.now() / 1000).toFixed(1);
  const rows = [
    ...(url === undefined
      ? []
      : [['console', `${url}/console${token === undefined ? '' : `#token=${token}`}`]]),
    ['API', url ?? 'none: the core has no routes'],
    ...(token === undefined ? [] : [['BATON_TOKEN', `${token} (an operator's)`]]),
    ['plugins', names.join('\n             ') || 'none yet: put a service into plugins/'],
    ['data', relative('.', data) || data],
    ['logs', relative('.', log) || log],
    ['SQS, SNS, S3', endpoints?.SQS],
    ['DynamoDB', endpoints?.DYNAMODB],
    ['control', `${controlAddress}, its secret in running.json of the data folder`],
  ];
  const lines = rows.map(
    ([name, value]) => `${styleText('dim', String(name).padEnd(12))} ${value}`,
  );
  return [
    '',
    `${styleText(['bold', 'green'], `${system} is ready`)} after ${seconds} s`,
    ...lines,
    '',
  ].join('\n');
}

/** The name under which orders know it. */
function pluginOf({ key, environment }: LoadedService['functions'][number]): string {
  return String(environment.BATON_PLUGIN ?? key);
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name);
}

function asPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

function asSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new InvalidArgumentError('Seconds are a number over 0.');
  return seconds;
}

/** Shorter ones would end between two samples. */
function asMinute(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 60))
    throw new InvalidArgumentError('A minute of alarms lasts 1 to 60 seconds.');
  return seconds;
}

function asParam(text: string, earlier: Record<string, string>): Record<string, string> {
  const place = text.indexOf('=');
  if (place < 1) throw new InvalidArgumentError('A parameter is given as name=value.');
  const [name, value] = [text.slice(0, place), text.slice(place + 1)];
  if (name === 'system-name' && !isSystemName(value))
    throw new InvalidArgumentError(`The name of a system: ${SYSTEM_NAME_RULE}.`);
  return { ...earlier, [name]: value };
}

function asUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InvalidArgumentError('An address, such as http://localhost:4318.');
}

/** A variable that is not set makes an empty text, which would stand for the folder one is in. */
function asFolder(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('A folder has a name.');
  return text;
}

function asFolders(text: string, earlier: string[]): string[] {
  return [...earlier, asFolder(text)];
}
