import { openapiDocument } from '../../src/contract/openapi.ts';
import type { Schema } from './schema-tables.ts';
import { markdownTable, meaningOf, sections, sentence, typeOf } from './schema-tables.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description?: string;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Content }>
  >;
}

export interface OpenapiDocument {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Every call, from the OpenAPI document: its parameters, its body, its responses. */
export function httpReference(): string {
  const document = openapiDocument() as OpenapiDocument;
  const schemas = new Map(Object.entries(document.components.schemas));
  const calls = Object.entries(document.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => ({
      ...{ heading: `${method.toUpperCase()} ${path}`, operation },
    })),
  );
  const always = commonProblems(calls.map(({ operation }) => operation));
  return [
    'Every call may be answered with these, too:',
    markdownTable(['status', 'code'], [...always].map(rowOfProblem)),
    ...document.tags.flatMap(({ name, description }) => [
      `## ${sentence(description).slice(0, -1)}`,
      ...calls
        .filter(({ operation }) => operation.tags.includes(name))
        .map(({ heading, operation }) => describe(heading, operation, schemas, always)),
    ]),
    '## Schemas',
    sections(schemas, {}, '###'),
  ].join('\n\n');
}

function describe(
  heading: string,
  operation: Operation,
  schemas: ReadonlyMap<string, Schema>,
  always: ReadonlyMap<string, string>,
): string {
  const { summary, operationId, parameters = [], requestBody, responses, security } = operation;
  const paragraphs = [
    `### ${heading}`,
    `${sentence(summary)} (\`${operationId}\`${security === undefined ? '' : '; no bearer token is asked for'})`,
  ];
  if (parameters.length > 0) {
    const lines = parameters.map((one) => [
      ...[`\`${one.name}\``, one.in, typeOf(one.schema)],
      'default' in one.schema ? `\`${JSON.stringify(one.schema.default)}\`` : '',
      one.description ?? meaningOf(one.schema, schemas) ?? '',
    ]);
    paragraphs.push(markdownTable(['parameter', 'in', 'type', 'default', 'means'], lines));
  }
  if (requestBody !== undefined) {
    const lines = Object.entries(requestBody.content).map(([type, { schema }]) => [
      ...[`\`${type}\``, typeOf(schema), schema.description ?? ''],
    ]);
    const head = requestBody.required ? 'body' : 'body, which may be left out';
    paragraphs.push(markdownTable([head, 'holds', 'means'], lines));
  }
  const lines = Object.entries(responses).flatMap(([status, { description, content }]) => {
    // Said once, for every GET.
    if (status === '304') return [];
    const answer = content?.['application/json'];
    if (status.startsWith('2')) return [[status, typeOf(answer?.schema ?? {})]];
    const codes = codesOf(description).filter(([code]) => !always.has(code));
    return codes.map(([code, title]) => [status, `\`${code}\`: ${title}`]);
  });
  paragraphs.push(markdownTable(['status', 'response'], lines));
  return paragraphs.join('\n\n');
}

/** What all calls that ask for a bearer token may be answered with, by code. */
function commonProblems(operations: readonly Operation[]): ReadonlyMap<string, string> {
  const ofEach = operations
    .filter(({ security }) => security === undefined)
    .map(({ responses }) =>
      Object.entries(responses).flatMap(([status, { description }]) =>
        status.startsWith('2')
          ? []
          : codesOf(description).map(([code, title]) => [code, `${status} ${title}`] as const),
      ),
    );
  const [first = [], ...others] = ofEach;
  return new Map(
    first.filter(([code]) => others.every((codes) => codes.some(([one]) => one === code))),
  );
}

function rowOfProblem([code, meaning]: readonly [string, string]): readonly string[] {
  return [meaning.slice(0, 3), `\`${code}\`: ${meaning.slice(4)}`];
}

/** The codes that a response's description names: `CODE: title; CODE: title`. */
function codesOf(description: string): readonly (readonly [string, string])[] {
  return [...description.matchAll(/([A-Z_]+): (.*?)(?=; [A-Z_]+: |$)/g)].map(
    ([, code = '', title = '']) => [code, title] as const,
  );
}
