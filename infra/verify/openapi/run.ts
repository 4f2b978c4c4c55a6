/**
 * `npm run verify:api`: redocly reads the OpenAPI document, and schemathesis sends what the document allows, and what it does not, to
 * the local stack: no answer may be a 5xx, or other than the document says. `--seed N`, `--seconds N` and
 * `--examples N` choose other requests, and more of them.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Stack } from '../../../examples/demo/stack.ts';
import { openapiDocument } from '../../../src/contract/openapi.ts';
import { operatorToken } from '../../local/operator-token.ts';
import { PROJECT, run } from '../command.ts';
import { pythonEnvironment } from '../python-environment.ts';
import { Report } from '../report.ts';

const HERE = import.meta.dirname;
const FOLDER = path.join(PROJECT, '.baton/verify-api');
const DOCUMENT = path.join(FOLDER, 'openapi.json');

/** The oldest Python 3 that the pinned packages support. */
const PYTHON_MINOR = 10;

/** It answers with 2xx, or with the reason, which checks.py reads instead of the status. */
const NOT_CHECKED = 'positive_data_acceptance';

const { seed, seconds, examples } = parseArgs({
  options: {
    seed: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '75' },
    examples: { type: 'string', default: '3' },
  },
}).values;

const report = new Report();
let python = '';
await mkdir(FOLDER, { recursive: true });
try {
  await writeFile(DOCUMENT, JSON.stringify(openapiDocument(), undefined, 1));
  await report.step('redocly lint: the OpenAPI document', redocly);
  const installed = await report.step('Python: schemathesis', async () => {
    const requirements = 'infra/verify/openapi/requirements.txt';
    const environment = await pythonEnvironment('schemathesis', requirements, PYTHON_MINOR);
    python = environment.python;
    return environment.installedInSeconds === undefined
      ? 'installed before'
      : `installed in ${environment.installedInSeconds.toFixed(0)} s`;
  });
  if (installed) await report.step('schemathesis: the local stack, with tokens', schemathesis);
} finally {
  await rm(FOLDER, { recursive: true, force: true });
}
process.exitCode = report.close();

async function redocly(): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve('@redocly/cli/package.json');
  await run(
    process.execPath,
    [
      ...[path.join(path.dirname(manifest), 'bin/cli.js'), 'lint', DOCUMENT],
      ...['--config', path.join(HERE, 'redocly.yaml'), '--max-problems', '20'],
    ],
    {
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      seconds: 120,
    },
  );
  return 'no error and no warning';
}

async function schemathesis(): Promise<readonly string[]> {
  const stack = new Stack(['--auth']);
  const stop = () => void stack.stop().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  try {
    const url = await stack.ready();
    const token = await operatorToken(stack.controlUrl ?? '', 'baton-local-tokens');
    // Each case of the first is one that the schemas themselves suggest, and time may cut them short; the second makes up its own.
    const phases = [
      ['coverage', '--max-time', seconds],
      ['fuzzing', '--max-examples', examples],
    ];
    const found: string[] = [];
    for (const phase of phases) {
      const output = await run(
        path.join(path.dirname(python), 'schemathesis'),
        [
          ...['--config-file', path.join(HERE, 'schemathesis.toml')],
          ...['run', DOCUMENT, '--url', url, '--header', `Authorization: Bearer ${token}`],
          ...['--checks', 'all', '--exclude-checks', NOT_CHECKED, '--phases', ...phase],
          ...['--seed', seed, '--generation-database', 'none', '--continue-on-failure'],
          ...['--request-timeout', '60', '--warnings', 'off', '--no-color'],
        ],
        {
          cwd: FOLDER,
          env: { ...process.env, SCHEMATHESIS_HOOKS: path.join(HERE, 'checks.py') },
          seconds: 600,
        },
      );
      const lines = output.split('\n').filter((line) => /Tested:|generated/.test(line));
      found.push(`${phase[0]}: ${lines.map((line) => line.trim()).join(', ')}`);
    }
    return found;
  } finally {
    await stack.stop();
  }
}
