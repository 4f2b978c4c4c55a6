import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface TemplateResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is any JSON.
  readonly Properties?: any;
}

/** A compiled CloudFormation template. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<
    Record<string, { readonly Type: string; readonly Default?: string }>
  >;
}

export const TEMPLATE_FILE = 'cloudformation-template-update-stack.json';

export async function readTemplate(folder: string): Promise<Template> {
  return JSON.parse(await readFile(path.join(folder, TEMPLATE_FILE), 'utf8')) as Template;
}

/** The properties of a template's resources of one type. */
// biome-ignore lint/suspicious/noExplicitAny: a template is any JSON.
export function propertiesOfType(template: Template, type: string): any[] {
  return Object.values(template.Resources)
    .filter((resource) => resource.Type === type)
    .map((resource) => resource.Properties ?? {});
}
