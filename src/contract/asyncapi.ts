import * as z from 'zod';
import { LIFECYCLE_FACTS } from './lifecycle-facts.ts';
import { answerSchema, storedAnswerSchema } from './messages.ts';
import { storedTaskMessageSchema, taskMessageSchema } from './task-message.ts';
import { VERSION } from './version.ts';

type FactType = keyof typeof LIFECYCLE_FACTS;

/** What a fact of this type says: the data of its event. */
export function dataSchemaOf(factType: FactType): z.ZodObject {
  const shape: z.core.$ZodLooseShape = LIFECYCLE_FACTS[factType].shape;
  const { type: _, traceparent: __, tracestate: ___, ...data } = shape;
  return z.strictObject(data).meta({ description: 'the fact' });
}

/** The CloudEvent that tells of a fact of this type. Its TypeScript type is `FactEvent`. */
export function factEventSchema(factType: FactType): z.ZodObject {
  const text = (description: string) => z.string().meta({ description });
  return z.strictObject({
    specversion: z.literal('1.0').meta({ description: 'of CloudEvents' }),
    id: text('with `source` it identifies the fact, which may come twice'),
    source: text('`urn:baton:<system>-<stage>`'),
    type: LIFECYCLE_FACTS[factType].shape.type,
    subject: text('what it is about: the id of an order, the name of a plugin'),
    time: z.iso.datetime().meta({ description: 'when it was sent' }),
    datacontenttype: z.literal('application/json').meta({ description: 'of the data' }),
    data: dataSchemaOf(factType),
    traceparent: text("only of an order that is traced: the order's span").optional(),
    tracestate: text('goes with `traceparent`').optional(),
  });
}

/** What the queue of answers takes: many at once. */
const answersSchema = z
  .strictObject({
    answers: z
      .array(z.union([answerSchema, storedAnswerSchema]))
      .min(1)
      .meta({ description: 'each stands for itself' }),
  })
  .meta({ description: 'what a plugin says of its tasks' });

interface MessageOf {
  readonly title: string;
  readonly summary: string;
  readonly contentType: string;
  readonly schema: z.ZodType;
}

const FACTS: Readonly<Record<string, MessageOf>> = Object.fromEntries(
  (Object.keys(LIFECYCLE_FACTS) as FactType[]).map((type) => [
    type,
    {
      title: type,
      summary: String(LIFECYCLE_FACTS[type].shape.type.description),
      contentType: 'application/cloudevents+json',
      schema: factEventSchema(type),
    },
  ]),
);

const TASKS: Readonly<Record<string, MessageOf>> = {
  task: {
    title: 'a task',
    summary: 'A task, or several of a parallel stage',
    contentType: 'application/json',
    schema: taskMessageSchema,
  },
  storedTask: {
    title: 'a task in the bucket',
    summary: 'In place of a task message that is too large for a queue',
    contentType: 'application/json',
    schema: storedTaskMessageSchema,
  },
};

const ANSWERS: Readonly<Record<string, MessageOf>> = {
  answers: {
    title: 'answers',
    summary: 'Answers of a plugin',
    contentType: 'application/json',
    schema: answersSchema,
  },
};

const CHANNELS = {
  lifecycle: {
    address: '{system}-{stage}-lifecycle',
    title: 'the lifecycle topic',
    description:
      "An SNS topic for anyone to subscribe. A message's attribute `type` is the fact's type, for filters. Facts may come twice, and in another order.",
    messages: FACTS,
    action: 'send',
  },
  tasks: {
    address: '{system}-{stage}-plugin-{plugin}',
    title: "a plugin's queue",
    description: 'An SQS queue for each plugin. Messages may come twice, and in another order.',
    messages: TASKS,
    action: 'send',
  },
  answers: {
    address: '{system}-{stage}-orchestrator',
    title: "the orchestrator's queue",
    description: 'The SQS queue to which plugins answer.',
    messages: ANSWERS,
    action: 'receive',
  },
} as const;

/**
 * The AsyncAPI 3 document of every message that leaves Baton, and of the answers that come back, from the schemas that say so.
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncapiDocument(): object {
  const schemas: Record<string, unknown> = {};
  const channels: Record<string, object> = {};
  const operations: Record<string, object> = {};
  for (const [name, channel] of Object.entries(CHANNELS)) {
    const { address, title, description, messages, action } = channel;
    const parameters = Object.fromEntries(
      [...address.matchAll(/\{(\w+)\}/g)].map(([, one = '']) => [one, PARAMETERS[one] ?? {}]),
    );
    channels[name] = {
      ...{ address, title, description, parameters },
      messages: Object.fromEntries(
        Object.entries(messages).map(([id, { schema, ...about }]) => [
          id,
          { name: id, ...about, payload: payloadOf(schema, schemas) },
        ]),
      ),
    };
    operations[name] = { action, channel: { $ref: `#/channels/${name}` } };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Baton',
      version: VERSION,
      description: 'What leaves Baton over SNS and SQS, and what comes back.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { schemas },
  };
}

const PARAMETERS: Readonly<Record<string, object>> = {
  system: { description: 'the name of the system', default: 'baton' },
  stage: { description: 'the stage', examples: ['dev'] },
  plugin: { description: 'the name of the plugin' },
};

/** The schema of a payload. What it names goes to the schemas that all of them share. */
function payloadOf(schema: z.ZodType, schemas: Record<string, unknown>): object {
  const written = z.toJSONSchema(schema, {
    io: 'output',
    target: 'draft-7',
    unrepresentable: 'any',
  });
  const {
    definitions = {},
    $schema: _,
    ...own
  } = moved(written) as {
    readonly definitions?: object;
    readonly $schema?: string;
  };
  Object.assign(schemas, definitions);
  return own;
}

function moved(schema: object): object {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('"#/definitions/', '"#/components/schemas/'),
  ) as object;
}
