import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from '../local/until.ts';

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** A stage of the tests' own, so that they can package while a local stack runs. */
export const STAGE = 'test';

/** On a machine that does much else besides. */
const PACKAGED_WITHIN_MS = 480_000;

export interface TemplateResource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is any JSON; the tests say what they expect of it.
  readonly Properties: any;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<
    Record<string, { readonly Type: string; readonly Default?: string }>
  >;
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

/** Parameters that add resources and routes to the core: with them, it has all that it can have. */
export const ALL_PARTS = [
  'alarm-email=ops@example.com',
  'cors-origins=https://app.example.com',
  'event-bus=orders',
];

/**
 * Packages a service of this project, once for all test files: it takes seconds. Its tools share a work folder in the service's: of one
 * service, packages with other parameters are made one after another.
 * @param parameters as `name=value`
 * @returns the folder of the package
 */
export async function packageOnce(
  folder: string,
  parameters: readonly string[] = [],
): Promise<string> {
  const name = path.relative(PROJECT, folder) || 'core';
  const target = sharedFile([name, ...parameters].join(' '));
  const turn = `${sharedFile(name)}.turn`;
  const given = parameters.flatMap((parameter) => ['--param', parameter]);
  const [mine, done] = [`${target}.begun`, `${target}.done`];
  if (await takes(mine)) {
    await until(`${target} has its turn`, () => takes(turn), PACKAGED_WITHIN_MS);
    const failure = await serverless(folder, ...packaging(target), ...given).then(
      () => '',
      (error: Error) => error.message,
    );
    await rm(turn);
    await writeFile(`${done}.new`, failure);
    await rename(`${done}.new`, done);
  }
  await until(`${folder} is packaged`, () => existsSync(done), PACKAGED_WITHIN_MS);
  const failure = await readFile(done, 'utf8');
  if (failure) throw new Error(failure);
  return target;
}

const sharedFile = (name: string) =>
  path.join(String(process.env.BATON_TEST_PACKAGES), name.replaceAll(/[^\w-]+/g, '-'));

/** Whether the file could be made, which only one of those who try can. */
const takes = (file: string) =>
  writeFile(file, '', { flag: 'wx' }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );

const packaging = (target: string) => ['package', '--stage', STAGE, '--package', target];

/** @returns the CloudFormation template of a service of this project */
export async function packageService(
  folder: string,
  parameters: readonly string[] = [],
): Promise<Template> {
  return readTemplate(await packageOnce(folder, parameters));
}

/** Packages a service that no other test packages, with options of its own. @returns its CloudFormation template */
export async function packageOutside(folder: string, ...args: string[]): Promise<Template> {
  const target = await mkdtemp(path.join(tmpdir(), 'baton-package-'));
  try {
    await serverless(folder, ...packaging(target), ...args);
    return await readTemplate(target);
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}

async function readTemplate(target: string): Promise<Template> {
  const file = path.join(target, 'cloudformation-template-update-stack.json');
  return JSON.parse(await readFile(file, 'utf8')) as Template;
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

/** A function's permissions as `action resource (partitions of the table)`, sorted; resources are written as in YAML. */
export function permissionsOf(template: Template, functionId: string): string[] {
  const role = template.Resources[functionId]?.Properties.Role['Fn::GetAtt'][0];
  const policies = template.Resources[role]?.Properties.Policies as {
    PolicyDocument: {
      Statement: {
        Effect: string;
        Action: string | string[];
        Resource: unknown;
        Condition?: Record<string, Record<string, string[]>>;
      }[];
    };
  }[];
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Effect, Action, Resource, Condition }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().map((resource) => {
          const keys = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
          const partitions = keys === undefined ? '' : ` (${keys.join(', ')})`;
          return `${Effect === 'Allow' ? '' : 'not '}${action} ${formatResource(resource)}${partitions}`;
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
