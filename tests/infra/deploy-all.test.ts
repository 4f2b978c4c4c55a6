import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCommandLine } from '../../infra/deploy/command-line.ts';
import { type Run, runInOrder } from '../../infra/deploy/run-in-order.ts';
import { PROJECT } from './package-service.ts';

const PLUGINS = ['plugins/security', 'plugins/arithmetic'];

/** Runs a command line with a tool that fails in one service. @returns what was run and printed */
async function runs(args: readonly string[], failing?: string) {
  const ran: string[] = [];
  const printed: string[] = [];
  const run: Run = async (folder, given) => {
    ran.push(`${folder}: ${given.join(' ')}`);
    return folder !== failing;
  };
  const error = await runInOrder(readCommandLine(args), PLUGINS, run, (line) =>
    printed.push(line),
  ).then(
    () => undefined,
    ({ message }: Error) => message,
  );
  return { ran, error, last: printed.at(-1) };
}

describe('the order of services', () => {
  it('of a deployment is the core, then the plugins, with the same options', async () => {
    const options = ['--stage=qa', '--param', 'system-name=other', '--region', 'eu-west-1'];
    const { ran, last } = await runs(['deploy', ...options]);
    const given = `deploy ${options.join(' ')}`;
    expect(ran).toEqual([
      `.: ${given}`,
      `plugins/arithmetic: ${given}`,
      `plugins/security: ${given}`,
    ]);
    expect(last).toBe('\ncore, plugins/arithmetic, plugins/security: deployed, stage qa');
  });

  it('of a removal is the plugins, then the core; the stage is dev unless it is given', async () => {
    const { ran } = await runs(['remove']);
    expect(ran).toEqual([
      'plugins/security: remove --stage dev',
      'plugins/arithmetic: remove --stage dev',
      '.: remove --stage dev',
    ]);
  });

  it('ends at the first that fails, and one line says what was done and what was not', async () => {
    const { ran, error } = await runs(['deploy', '-s', 'qa'], 'plugins/arithmetic');
    expect(ran).toEqual(['.: deploy -s qa', 'plugins/arithmetic: deploy -s qa']);
    expect(error).toBe(
      'plugins/arithmetic was not deployed: the reason is above. deployed: core, not tried: plugins/security. Mend it and run the same command again',
    );
  });
});

describe('the command line', () => {
  // Was: only the stage called prod was guarded; production, live and prod-eu went without a question. Now: all but throw-away ones ask.
  it.each([
    ...['prod', 'production', 'live', 'prod-eu', 'pr', 'development', 'testing'].map(
      (stage) => [stage, true] as const,
    ),
    ...['dev', 'test', 'local', 'pr-12', 'pr-my-branch'].map((stage) => [stage, false] as const),
  ])('removes stage %s after a question: %p', (stage, asks) => {
    expect(readCommandLine(['remove', '--stage', stage]).toConfirm).toBe(asks);
    expect(readCommandLine(['remove', `-s=${stage}`]).toConfirm).toBe(asks);
    expect(readCommandLine(['deploy', '--stage', stage]).toConfirm).toBe(false);
  });

  it('takes --yes for the answer, says so to the core, and passes everything else on', () => {
    const { options, toConfirm } = readCommandLine(['remove', '--stage', 'prod', '--yes']);
    expect(toConfirm).toBe(false);
    expect(options).toEqual(['--stage', 'prod', '--param', 'confirmed=true']);
  });

  it('asks as the parameter throw-away says, whatever the stage is called', () => {
    const asks = (...args: string[]) => readCommandLine(['remove', ...args]).toConfirm;
    expect(asks('--stage', 'qa', '--param', 'throw-away=true')).toBe(false);
    expect(asks('--stage', 'dev', '--param', 'throw-away=false')).toBe(true);
  });

  it.each([
    [[], /"deploy" or "remove"/],
    [['deploy', 'dev'], /"dev" is not an option/],
    [['deploy', '--stage'], /--stage needs a name/],
  ])('%j is refused', (args, reason) => {
    expect(() => readCommandLine(args)).toThrow(reason);
  });
});

describe('a deployment without usable credentials', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'baton-credentials-'));
    await writeFile(path.join(folder, 'empty'), '');
    await writeFile(path.join(folder, 'credentials'), '[other]\naws_access_key_id = x\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs the command as a process without a terminal, that finds no credentials but those in `env`. */
  async function deploy(
    env: Readonly<Record<string, string>>,
    args: readonly string[] = ['deploy', '--stage', 'dev'],
  ) {
    const none = path.join(folder, 'empty');
    return new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        [path.join(PROJECT, 'infra/run.js'), path.join(PROJECT, 'infra/deploy-all.ts'), ...args],
        {
          env: {
            PATH: process.env.PATH ?? '',
            HOME: folder,
            AWS_EC2_METADATA_DISABLED: 'true',
            AWS_CONFIG_FILE: none,
            AWS_SHARED_CREDENTIALS_FILE: none,
            ...env,
          },
        },
        (error, _, stderr) => resolve({ code: error?.code, stderr }),
      );
    });
  }

  it.each([
    ['no credentials at all', {}, /no AWS credentials \(.*AWS_PROFILE.*AWS_ACCESS_KEY_ID/],
    ['half of a key', { AWS_ACCESS_KEY_ID: 'x' }, /AWS_SECRET_ACCESS_KEY is not set/],
    ['an unknown profile', { AWS_PROFILE: 'nobody' }, /in the profile "nobody"/],
  ])('ends with one line that says so: %s', async (_, env, line) => {
    const { code, stderr } = await deploy(env);
    expect(stderr.trimEnd()).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('removes no stage of worth where nobody can be asked', async () => {
    const { code, stderr } = await deploy({}, ['remove', '--stage', 'prod-eu']);
    expect(stderr).toBe(
      'baton: baton-prod-eu is not removed: there is nobody to ask. Add --yes to npm run remove, or --param confirmed=true to npx serverless remove\n',
    );
    expect(code).toBe(1);
  });
});
