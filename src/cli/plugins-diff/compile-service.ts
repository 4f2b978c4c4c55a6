import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { PluginDefinition } from '../../core/plugin.ts';
import { UsageError } from '../errors.ts';

/** What a service's next deployment would register. */
export interface CompiledService {
  readonly folder: string;
  readonly stackName: string;
  readonly plugins: readonly PluginDefinition[];
}

export interface CompileOptions {
  readonly stage: string;
  /** `name=value`, as the deployment tool takes them. */
  readonly params: readonly string[];
}

/** The parts of `serverless print` that are read. */
interface Printed {
  readonly provider?: { readonly stackName?: string };
  readonly resources?: {
    readonly Resources?: Readonly<
      Record<string, { readonly Type?: string; readonly Properties?: { Definition?: string } }>
    >;
  };
}

/**
 * Reads a service as its deployment would: the deployment tool resolves the variables, and batonflow/plugin-resources makes
 * registrations of the `baton:` blocks. Needs no AWS account.
 *
 * @throws {UsageError} with what is wrong with the service.
 */
export async function compileService(
  folder: string,
  { stage, params }: CompileOptions,
): Promise<CompiledService> {
  const options = ['--stage', stage, ...params.flatMap((param) => ['--param', param])];
  const printed = JSON.parse(
    await serverless(folder, ['print', '--format', 'json', ...options]),
  ) as Printed;
  const registrations = Object.values(printed.resources?.Resources ?? {}).filter(
    ({ Type }) => Type === 'Custom::BatonPlugin',
  );
  return {
    folder,
    stackName: printed.provider?.stackName ?? '',
    plugins: registrations.map(
      ({ Properties }) => JSON.parse(String(Properties?.Definition)) as PluginDefinition,
    ),
  };
}

function serverless(folder: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0' };
    execFile(
      process.execPath,
      [toolOf(folder), ...args],
      { cwd: folder, env, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        return reject(new UsageError(`${folder}: ${reasonIn(stderr) || error.message}`));
      },
    );
  });
}

/** The deployment tool of the service; that of Baton where it has none. */
function toolOf(folder: string): string {
  for (const from of [path.resolve(folder, 'serverless.yml'), import.meta.url]) {
    try {
      return createRequire(from).resolve('serverless/bin/serverless.js');
    } catch {
      // The next one.
    }
  }
  throw new UsageError(
    `${folder}: the deployment tool is not installed: npm i -D serverless@npm:osls`,
  );
}

/** What stands between "Error:" and the tool's lines about itself. */
function reasonIn(output: string): string {
  return (/^Error:\s*([\s\S]*?)(?:\n\s*\n|\nEnvironment:|$)/m.exec(output)?.[1] ?? output).trim();
}
