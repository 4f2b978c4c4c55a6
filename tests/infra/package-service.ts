import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** A stage of the tests' own, so that they can package while a local stack runs. */
export const STAGE = 'test';

export interface TemplateResource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is any JSON; the tests say what they expect of it.
  readonly Properties: any;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Export?: { readonly Name: string } }>>;
}

/** Runs `serverless <command>`. @returns its standard output @throws with standard output and error, if it fails */
export async function serverless(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(PROJECT, 'node_modules/serverless/bin/serverless.js'), ...args],
    // Jest's own Node options must not reach the child.
    { cwd: folder, env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0' } },
  ).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`${error.stdout}${error.stderr}`);
  });
  return stdout;
}

/** Packages the service in a folder. @returns its CloudFormation template */
export async function packageService(folder: string, ...args: string[]): Promise<Template> {
  const target = await mkdtemp(path.join(tmpdir(), 'baton-package-'));
  try {
    await serverless(folder, 'package', '--stage', STAGE, '--package', target, ...args);
    const template = await readFile(
      path.join(target, 'cloudformation-template-update-stack.json'),
      'utf8',
    );
    return JSON.parse(template) as Template;
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}

/** The resources of one type, by logical id. */
export function resourcesOfType(
  template: Template,
  type: string,
): Record<string, TemplateResource> {
  return Object.fromEntries(
    Object.entries(template.Resources).filter(([, resource]) => resource.Type === type),
  );
}

/** The number of resources of each type. */
export function countByType({ Resources }: Template): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values(Resources)) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
}

/** The names of the stack's exports: no two stacks of an account may share one. */
export function exportsOf({ Outputs }: Template): string[] {
  return Object.values(Outputs).flatMap((output) => output.Export?.Name ?? []);
}

/** A function's permissions as `action resource`, sorted; resources are written as in YAML. */
export function permissionsOf(template: Template, functionId: string): string[] {
  const role = template.Resources[functionId]?.Properties.Role['Fn::GetAtt'][0];
  const policies = template.Resources[role]?.Properties.Policies as {
    PolicyDocument: {
      Statement: { Effect: string; Action: string | string[]; Resource: unknown }[];
    };
  }[];
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Effect, Action, Resource }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().map((resource) => {
          return `${Effect === 'Allow' ? '' : 'not '}${action} ${formatResource(resource)}`;
        }),
      ),
    )
    .sort();
}

function formatResource(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const [[name, value] = ['', '']] = Object.entries(resource as object);
  if (name === 'Fn::GetAtt') return value.join('.');
  return String(value)
    .replace(/^arn:.*:sqs:.*}:/, 'queue ')
    .replace(/^arn:.*:log-group:/, 'log ')
    .replace(/^arn:.*:event-source-mapping:/, 'mapping ')
    .replace(/\$\{(.*?)\}/g, '<$1>');
}
