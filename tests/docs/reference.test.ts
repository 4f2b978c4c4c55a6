import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { referencePages } from '../../infra/docs/pages.ts';
import type { Schema } from '../../infra/docs/schema-tables.ts';
import { meaningOf, schemasOf } from '../../infra/docs/schema-tables.ts';
import { blockSchema } from '../../infra/plugin-resources/block.ts';
import { LIFECYCLE_FACTS } from '../../src/contract/lifecycle-facts.ts';
import { answerSchema, storedAnswerSchema } from '../../src/contract/messages.ts';
import { openapiDocument } from '../../src/contract/openapi.ts';
import { storedTaskMessageSchema, taskMessageSchema } from '../../src/contract/task-message.ts';
import { putDefinitionSchema } from '../../src/contract/workflow-schema.ts';

const pages = await referencePages();

describe('docs/reference says what the schemas and the commands say', () => {
  it.each(Object.keys(pages))('%s; else run: npm run docs', async (file) => {
    expect(await readFile(`docs/reference/${file}`, 'utf8')).toBe(pages[file]);
  });

  it('and holds no other page', async () => {
    expect((await readdir('docs/reference')).sort()).toEqual(Object.keys(pages).sort());
  });
});

describe('every field says what it means, in its schema (`.meta({ description })`):', () => {
  const { components } = openapiDocument() as {
    components: { schemas: Readonly<Record<string, Schema>> };
  };
  const all = {
    'the workflow definition': schemasOf(putDefinitionSchema),
    'the plugin block': schemasOf(blockSchema),
    'the task message': schemasOf(taskMessageSchema, 'output'),
    'the stored task message': schemasOf(storedTaskMessageSchema, 'output'),
    'the answers': schemasOf(answerSchema),
    'the answer with a stored result': schemasOf(storedAnswerSchema),
    'the HTTP API': new Map(Object.entries(components.schemas)),
    ...Object.fromEntries(
      Object.entries(LIFECYCLE_FACTS).map(([type, schema]) => [type, schemasOf(schema, 'output')]),
    ),
  };

  it.each(Object.entries(all))('%s', (_, schemas) => {
    const silent = [...schemas].flatMap(([name, schema]) => silentIn(name, schema, schemas));
    expect(silent).toEqual([]);
  });

  it('and a field that says nothing is found, wherever it stands', () => {
    const field: Schema = { type: 'object', properties: { inner: { type: 'string' } } };
    const schema: Schema = { anyOf: [{ properties: { outer: { type: 'array', items: field } } }] };
    expect(silentIn('Name', schema, new Map())).toEqual(['Name.outer', 'Name.outer[].inner']);
  });
});

function silentIn(at: string, schema: Schema, schemas: ReadonlyMap<string, Schema>): string[] {
  const { properties = {}, items, additionalProperties, anyOf = [], oneOf = [] } = schema;
  const values = typeof additionalProperties === 'object' ? additionalProperties : {};
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      ...(meaningOf(field, schemas) === undefined ? [`${at}.${name}`] : []),
      ...silentIn(`${at}.${name}`, field, schemas),
    ]),
    ...(items === undefined ? [] : silentIn(`${at}[]`, items, schemas)),
    ...(values === additionalProperties ? silentIn(`${at}.*`, values, schemas) : []),
    ...[...anyOf, ...oneOf].flatMap((one) => silentIn(at, one, schemas)),
  ];
}
