import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { PluginDefinition } from '../../core/plugin.ts';
import { UsageError } from '../errors.ts';

/** The plugins that a service's next deployment would register. */
export interface CompiledService {
  readonly folder: string;
  readonly stackName: string;
  readonly plugins: readonly PluginDefinition[];
}

export interface CompileOptions {
  readonly stage: string;
  /** `name=value` each, passed on to the deployment tool. */
  readonly params: readonly string[];
}

/** The part of the output of `serverless print` that is read. */
interface Printed {
  readonly provider?: { readonly stackName?: string };
  readonly resources?: {
    readonly Resources?: Readonly<
      Record<string, { readonly Type?: string; readonly Properties?: { Definition?: string } }>
    >;
  };
}

/**
 * Reads a service as its deployment would: the deployment tool resolves the variables, and batonflow/plugin-resources turns the
 * `baton:` blocks into registrations. Needs no AWS account.
 * @throws {UsageError} if the service is wrong, with the reason
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

/** The service's own deployment tool, or else Baton's. */
function toolOf(folder: string): string {
  for (const from of [path.resolve(folder, 'serverless.yml'), import.meta.url]) {
    try {
      return createRequire(from).resolve('serverless/bin/serverless.js');
    } catch {
      // Look in the next folder.
    }
  }
  throw new UsageError(
    `${folder}: the deployment tool is not installed: npm i -D serverless@npm:osls`,
  );
}

/** The text between "Error:" and the tool's lines about its environment. */
function reasonIn(output: string): string {
  return (/^Error:\s*([\s\S]*?)(?:\n\s*\n|\nEnvironment:|$)/m.exec(output)?.[1] ?? output).trim();
}
