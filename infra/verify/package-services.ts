import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT, serverless } from './command.ts';
import { propertiesOfType, readTemplate, TEMPLATE_FILE, type Template } from './template.ts';
import type { WorkingCopy } from './working-copy.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_RESOURCES = 500;
const MAX_TEMPLATE_BYTES = 1_000_000;

export interface Packaged {
  /** Holds a folder for each service. */
  readonly folder: string;
  /** Files of the compiled templates. */
  readonly templates: readonly string[];
  readonly lines: readonly string[];
}

/**
 * Packages every service for the stage `prod`, which has the strictest settings. Checks the templates' sizes, and whether the core
 * makes every value that the plugins' templates look up.
 * @throws with everything that is wrong
 */
export async function packageServices(copy: WorkingCopy): Promise<Packaged> {
  const folder = path.join(PROJECT, '.baton/verify/packages');
  const templates = new Map<string, Template>();
  for (const service of await copy.services()) {
    const target = path.join(folder, service === '.' ? 'core' : path.basename(service));
    await mkdir(target, { recursive: true });
    await serverless(copy.path(service), ['package', '--stage', 'prod', '--package', target], {});
    templates.set(target, await readTemplate(target));
  }
  const wrong = [...templates].flatMap(([target, template]) => [
    ...limitsOf(template).map((line) => `${path.basename(target)}: ${line}`),
    ...unknownValues(template, templates.get(path.join(folder, 'core'))).map(
      (line) => `${path.basename(target)}: ${line}`,
    ),
  ]);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return {
    folder,
    templates: [...templates.keys()].map((target) => path.join(target, TEMPLATE_FILE)),
    lines: [...templates].map(
      ([target, template]) =>
        `${path.basename(target)}: ${Object.keys(template.Resources).length} resources`,
    ),
  };
}

function limitsOf(template: Template): string[] {
  const resources = Object.keys(template.Resources).length;
  const bytes = JSON.stringify(template).length;
  return [
    ...(resources > MAX_RESOURCES ? [`${resources} resources, more than ${MAX_RESOURCES}`] : []),
    ...(bytes > MAX_TEMPLATE_BYTES ? [`${bytes} bytes, more than ${MAX_TEMPLATE_BYTES}`] : []),
  ];
}

/** Values that the core does not offer: a deployment would fail on them. */
function unknownValues(template: Template, core: Template | undefined): string[] {
  const made = new Set(
    core ? propertiesOfType(core, 'AWS::SSM::Parameter').map(({ Name }) => String(Name)) : [],
  );
  return Object.values(template.Parameters ?? {})
    .filter(({ Type }) => Type.startsWith('AWS::SSM::Parameter::Value<'))
    .filter(({ Default = '' }) => !made.has(Default))
    .map(({ Default }) => `the core makes no parameter ${Default}`);
}
