/**
 * `npm run verify:api`: redocly reads the OpenAPI document, and schemathesis sends what the document allows, and what it does not, to
 * the local stack: no answer may be a 5xx, or other than the document says. `--seed N` and `--examples N` choose other requests.
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

const { seed, examples } = parseArgs({
  options: {
    seed: { type: 'string', default: '8' },
    examples: { type: 'string', default: '4' },
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
    const output = await run(
      path.join(path.dirname(python), 'schemathesis'),
      [
        ...['--config-file', path.join(HERE, 'schemathesis.toml')],
        ...['run', DOCUMENT, '--url', url, '--header', `Authorization: Bearer ${token}`],
        ...['--phases', 'coverage,fuzzing', '--checks', 'all', '--exclude-checks', NOT_CHECKED],
        ...['--seed', seed, '--max-examples', examples, '--generation-database', 'none'],
        ...['--continue-on-failure', '--request-timeout', '60', '--warnings', 'off', '--no-color'],
      ],
      {
        cwd: FOLDER,
        env: { ...process.env, SCHEMATHESIS_HOOKS: path.join(HERE, 'checks.py') },
        seconds: 900,
      },
    );
    return output.split('\n').filter((line) => /Tested:|generated/.test(line));
  } finally {
    await stack.stop();
  }
}
