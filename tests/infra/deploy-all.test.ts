import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Run, readTask, runInOrder } from '../../infra/deploy/task.ts';
import { PROJECT } from './package-service.ts';

const PLUGINS = ['plugins/security', 'plugins/arithmetic'];

/** Which services the tool was run in, with what; it fails in one of them. */
async function runs(args: readonly string[], failing?: string) {
  const ran: string[] = [];
  const said: string[] = [];
  const run: Run = async (folder, given) => {
    ran.push(`${folder}: ${given.join(' ')}`);
    return folder !== failing;
  };
  const error = await runInOrder(readTask(args), PLUGINS, run, (line) => said.push(line)).then(
    () => undefined,
    ({ message }: Error) => message,
  );
  return { ran, error, last: said.at(-1) };
}

describe('the order of services', () => {
  it('deploy: the core, then the plugins, with the same options', async () => {
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

  it('remove: the plugins, then the core; the stage is dev unless it is named', async () => {
    const { ran } = await runs(['remove']);
    expect(ran).toEqual([
      'plugins/security: remove --stage dev',
      'plugins/arithmetic: remove --stage dev',
      '.: remove --stage dev',
    ]);
  });

  it('the first that fails is the last that is tried, and one line says where things stand', async () => {
    const { ran, error } = await runs(['deploy', '-s', 'qa'], 'plugins/arithmetic');
    expect(ran).toEqual(['.: deploy -s qa', 'plugins/arithmetic: deploy -s qa']);
    expect(error).toBe(
      'plugins/arithmetic was not deployed: the reason stands above. deployed: core, not tried: plugins/security. Once it is mended, run the same again',
    );
  });
});

describe('the command line', () => {
  it('stage prod is removed with --yes only, which the tool does not get to see', async () => {
    expect(() => readTask(['remove', '--stage', 'prod'])).toThrow(/--yes/);
    expect(() => readTask(['remove', '-s=prod'])).toThrow(/--yes/);
    const { options } = readTask(['remove', '--stage', 'prod', '--yes']);
    expect(options).toEqual(['--stage', 'prod']);
    expect(() => readTask(['deploy', '--stage', 'prod'])).not.toThrow();
  });

  it.each([
    [[], /"deploy" or "remove"/],
    [['deploy', 'dev'], /"dev" is no option/],
    [['deploy', '--stage'], /--stage needs a name/],
  ])('%j is refused', (args, reason) => {
    expect(() => readTask(args)).toThrow(reason);
  });
});

describe('before anything is sent', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'baton-credentials-'));
    await writeFile(path.join(folder, 'empty'), '');
    await writeFile(path.join(folder, 'credentials'), '[other]\naws_access_key_id = x\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The command as a process, with no credentials but those given. */
  async function deploy(env: Readonly<Record<string, string>>) {
    const none = path.join(folder, 'empty');
    return new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        [path.join(PROJECT, 'infra/deploy/launch.js'), 'deploy', '--stage', 'dev'],
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
    ['a profile that is not there', { AWS_PROFILE: 'nobody' }, /in the profile "nobody"/],
  ])('%s: one line says so', async (_, env, line) => {
    const { code, stderr } = await deploy(env);
    expect(stderr.trimEnd()).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });
});
