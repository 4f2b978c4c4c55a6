import type * as z from 'zod';
import { asyncapiDocument, dataSchemaOf, factEventSchema } from '../../src/contract/asyncapi.ts';
import { LIFECYCLE_FACTS } from '../../src/contract/lifecycle-facts.ts';
import { answerSchema, storedAnswerSchema } from '../../src/contract/messages.ts';
import { storedTaskMessageSchema, taskMessageSchema } from '../../src/contract/task-message.ts';
import { putDefinitionSchema } from '../../src/contract/workflow-schema.ts';
import { blockSchema } from '../plugin-resources/block.ts';
import { cliReference } from './cli-reference.ts';
import { httpReference } from './http-reference.ts';
import { markdownTable, schemasOf, section, sections, sentence } from './schema-tables.ts';

const GENERATED =
  '<!-- Made by `npm run docs` from the schemas and the commands. Do not edit it. -->';

/** The pages of docs/reference, by file name. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  const pages = {
    'workflow.md': [
      'Workflow reference',
      'What a workflow definition may hold, in YAML or JSON: the body of `PUT /workflows/{name}`, the file of `baton workflows put`. Fields that are not here are refused. [Recipes](../recipes.md) shows `when` and `input` at work.',
      sections(schemasOf(putDefinitionSchema), { WorkflowDefinition: 'The definition' }),
    ],
    'plugin.md': [
      'Plugin reference',
      "What may stand in the `baton:` block of a plugin's function in serverless.yml. Every field may be left out. [Write a plugin](../write-a-plugin.md) explains them one after another.",
      sections(schemasOf(blockSchema), { PluginBlock: 'The block' }),
    ],
    'messages.md': ['Message reference', MESSAGES, messages()],
    'http.md': [
      'HTTP reference',
      'Every call of the HTTP API, from the OpenAPI document that `GET /openapi.json` answers with. [The HTTP API](../api.md) explains them with examples.',
      httpReference(),
    ],
    'cli.md': [
      'Command reference',
      'Every command of `npx baton`. [The command line](../cli.md) explains them with examples.',
      await cliReference(),
    ],
  };
  const texts = Object.entries(pages).map(([file, [title, ...paragraphs]]) => [
    file,
    `${[`# ${title}`, GENERATED, ...paragraphs].join('\n\n')}\n`,
  ]);
  return {
    ...Object.fromEntries(texts),
    'asyncapi.json': `${JSON.stringify(asyncapiDocument(), null, 2)}\n`,
  };
}

const MESSAGES =
  'What travels over SQS and SNS. The SDK reads and writes the messages of plugins; whoever subscribes to the topic `<system>-<stage>-lifecycle` gets the facts.';

function messages(): string {
  return [
    '## Facts on the lifecycle topic',
    "A fact is a [CloudEvent 1.0](https://cloudevents.io) in the JSON format; the message's attribute `type` is the fact's, for filters of subscriptions. Facts may come twice, and in another order; `source` and `id` of an order's fact are the same each time. [asyncapi.json](asyncapi.json) holds the schemas of all messages, in AsyncAPI 3.",
    section(schemasOf(factEventSchema('order.started'), 'output').get('') ?? {}, new Map()),
    'The data by `type`:',
    ...facts(),
    ...namesOf(Object.values(LIFECYCLE_FACTS)),
    '## What a plugin finds in its queue',
    'A parallel stage reaches its plugins over the tasks topic with one message, whose attributes `p.<plugin>` invite them; the subscriptions deliver it raw.',
    sections(schemasOf(taskMessageSchema, 'output'), { TaskMessage: 'The task message' }, '###'),
    'A message over 1 MiB lies in the bucket, and this comes in its place:',
    storedTaskMessage(),
    '## What a plugin answers',
    'One message to the orchestrator\'s queue holds many answers: `{"answers": [...]}`. Each stands for itself.',
    ...[...answers()].map(([type, text]) => `### ${type}\n\n${text}`),
  ].join('\n\n');
}

/** What the schemas refer to by name and the task message does not show. */
function namesOf(schemas: readonly z.core.$ZodType[]): readonly string[] {
  const elsewhere = schemasOf(taskMessageSchema, 'output');
  const all = new Map(schemas.flatMap((schema) => [...schemasOf(schema, 'output')]));
  const own = [...all].filter(([name]) => name !== '' && !elsewhere.has(name));
  return [sections(new Map(own), {}, '###')];
}

function storedTaskMessage(): string {
  const schemas = schemasOf(storedTaskMessageSchema, 'output');
  return section(schemas.get('StoredTaskMessage') ?? {}, schemas);
}

/** Facts with the same fields share a table. */
function facts(): readonly string[] {
  const all = (Object.keys(LIFECYCLE_FACTS) as (keyof typeof LIFECYCLE_FACTS)[]).map((type) => {
    const schemas = schemasOf(dataSchemaOf(type), 'output');
    const means = LIFECYCLE_FACTS[type].shape.type.description ?? '';
    return { type, means, fields: section(schemas.get('') ?? {}, schemas) };
  });
  return [...Map.groupBy(all, ({ fields }) => fields)].flatMap(([fields, group]) => [
    markdownTable(
      ['fact', 'means'],
      group.map(({ type, means }) => [`\`${type}\``, means]),
    ),
    fields,
  ]);
}

function answers(): readonly (readonly [string, string])[] {
  return [...answerSchema.def.options, storedAnswerSchema].map((option) => {
    const schemas = schemasOf(option as z.core.$ZodType);
    const { properties: { type, ...properties } = {}, required } = schemas.get('') ?? {};
    const fields = section({ properties, ...(required && { required }) }, schemas);
    const named = option === storedAnswerSchema ? ' with a result over 200 KB' : '';
    return [`${type?.const}${named}`, `${sentence(type?.description ?? '')}\n\n${fields}`];
  });
}
