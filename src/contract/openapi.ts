import * as z from 'zod';
import type { HttpCall } from './http-call.ts';
import { HTTP_CALLS } from './http-calls.ts';
import type { ProblemCode } from './problem.ts';
import { PROBLEMS } from './problem.ts';
import { gatewayErrorSchema, problemSchema } from './problem-document.ts';
import { VERSION } from './version.ts';

/** What every call may answer with; `INVALID_REQUEST`, where the query has a key that the call does not know. */
const ANYTIME: readonly ProblemCode[] = [
  'INVALID_REQUEST',
  'UNSUPPORTED_MEDIA_TYPE',
  'INTERNAL',
  'UNAVAILABLE',
];

/** What a call may answer with that asks for a bearer token. */
const REFUSED: readonly ProblemCode[] = ['UNAUTHORIZED', 'FORBIDDEN'];

/**
 * Statuses with which API Gateway may answer before Baton is asked, in its own words.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
 */
const BY_GATEWAY: ReadonlySet<number> = new Set([401, 403, 413, 500, 503]);

/** Of an address that does not take the method: no operation describes it, since it is none. */
const METHOD_NOT_ALLOWED = 'METHOD_NOT_ALLOWED';

/** What the calls are about, by the first part of their addresses. */
const TAGS: Readonly<Record<string, string>> = {
  orders: 'Place, see and change orders',
  events: 'Start orders by what has happened',
  operations: 'Change many orders at once',
  workflows: 'Store and see workflows',
  plugins: 'See who is registered',
  clients: "Clients' contracts and tokens",
  schedules: 'Orders by the clock',
  tasks: 'Finish tasks that were deferred, and what plugins ask',
  'dead-letters': 'What the orchestrator has given up on',
  status: 'How the system is doing',
  counts: 'What has ended, over time',
  history: 'How the system stood, over time',
  me: 'Whose token it is',
  'openapi.json': 'This document',
};

const tagOf = ({ path }: HttpCall): string => path.split('/')[1] ?? '';

/** The OpenAPI 3.1 document, from the schemas that validate. */
export function openapiDocument(): object {
  const schemas: Schemas = { input: {}, output: {} };
  const paths: Record<string, Record<string, object>> = {};
  for (const call of HTTP_CALLS) {
    paths[call.path] = {
      ...paths[call.path],
      [call.method.toLowerCase()]: operationOf(call, schemas),
    };
  }
  const tags = [...new Set(HTTP_CALLS.map(tagOf))];
  return namedOnce(schemas, (components) => ({
    openapi: '3.1.0',
    info: {
      title: 'Baton',
      version: VERSION,
      description: `Orders go from plugin to plugin until they are done. ${OTHER_METHODS}`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'where this document came from' }],
    tags: tags.map((name) => ({ name, ...(TAGS[name] && { description: TAGS[name] }) })),
    paths,
    security: [{ token: [] }],
    components: {
      responses: { MethodNotAllowed: methodNotAllowed(schemas) },
      schemas: components,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            "an operator's token, or a client's, which reaches that client's orders only",
        },
      },
    },
  }));
}

const OTHER_METHODS =
  'A method that an address does not take is answered as components.responses.MethodNotAllowed says.';

function methodNotAllowed(schemas: Schemas): object {
  const { status, title } = PROBLEMS[METHOD_NOT_ALLOWED];
  return {
    description: `${status} ${METHOD_NOT_ALLOWED}: ${title}`,
    headers: { Allow: { description: 'the methods that it takes', schema: { type: 'string' } } },
    content: contentOf({ 'application/problem+json': problemSchema }, schemas, 'output'),
  };
}

function operationOf(call: HttpCall, schemas: Schemas): object {
  const { summary, params, tokenInPath, query, repeatable, traced, body, bodyOptional } = call;
  const { answers, problems } = call;
  const parameters = [
    ...parametersOf('path', params, schemas),
    ...parametersOf('query', query, schemas),
    ...(repeatable === true ? [IDEMPOTENCY_KEY] : []),
    ...(traced === true ? TRACE_CONTEXT : []),
  ];
  return {
    operationId: call.operationId,
    tags: [tagOf(call)],
    summary,
    ...(tokenInPath && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: bodyOptional !== true,
        content: contentOf(body, schemas, 'input'),
      },
    }),
    responses: {
      ...(call.method === 'GET' && { 304: NOT_MODIFIED }),
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          {
            description: PHRASES[status] ?? status,
            ...(call.method === 'GET' && { headers: { ETag } }),
            content: contentOf({ 'application/json': answer }, schemas, 'output'),
          },
        ]),
      ),
      ...problemAnswers(
        [...problems, ...(tokenInPath === true ? [] : REFUSED), ...ANYTIME],
        schemas,
      ),
    },
  };
}

const ETag = {
  description: 'names this answer: as If-None-Match, it spares the next call the body',
  schema: { type: 'string' },
};
const NOT_MODIFIED = { description: 'It is what If-None-Match names', headers: { ETag } };

const PHRASES: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Stored',
  202: 'Accepted',
};

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same request under the same key is answered with the same order.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};

/** Malformed ones are no trace, as the standard asks, so no pattern refuses them. */
const TRACE_CONTEXT = ['traceparent', 'tracestate'].map((name) => ({
  name,
  in: 'header',
  required: false,
  description: 'Where the orders hang in a trace: https://www.w3.org/TR/trace-context/',
  schema: { type: 'string' },
}));

function parametersOf(place: string, schema: z.ZodObject | undefined, schemas: Schemas): object[] {
  return Object.entries(schema?.shape ?? {}).map(([name, one]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: jsonSchemaOf(one as z.ZodType, schemas, 'input'),
  }));
}

function contentOf(byType: Readonly<Record<string, z.ZodType>>, schemas: Schemas, io: Io): object {
  return Object.fromEntries(
    Object.entries(byType).map(([type, schema]) => [
      type,
      { schema: jsonSchemaOf(schema, schemas, io) },
    ]),
  );
}

/** One answer for each status; its description names the codes. */
function problemAnswers(codes: readonly ProblemCode[], schemas: Schemas): object {
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `${code}: ${PROBLEMS[code].title}`).join('; '),
        content: contentOf(
          BY_GATEWAY.has(status)
            ? PROBLEM_OR_GATEWAY
            : { 'application/problem+json': problemSchema },
          schemas,
          'output',
        ),
      },
    ]),
  );
}

const PROBLEM_OR_GATEWAY = {
  'application/problem+json': problemSchema,
  'application/json': gatewayErrorSchema,
};

type Io = 'input' | 'output';

/** Named schemas: of what comes in, where defaults may be left out, and of what goes out, where they have been filled in. */
type Schemas = Readonly<Record<Io, Record<string, object>>>;

/** The schema; whatever in it has an id of its own goes to the named ones, and a reference says which of them is meant. */
function jsonSchemaOf(schema: z.ZodType, schemas: Schemas, io: Io): object {
  const generated = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
  const { $schema, $defs = {}, ...own } = pointTo(io, generated) as Record<string, unknown>;
  Object.assign(schemas[io], $defs);
  return own;
}

function pointTo(io: Io, schema: object): object {
  return rewritten(schema, (ref) => ref.replace(/^#\/\$defs\//, `${io}:`));
}

/**
 * The document with one component for each name. A schema that is the same coming in and going out is there once; of one that is not,
 * what goes out is called `Returned…`.
 */
function namedOnce(schemas: Schemas, document: (components: object) => object): object {
  const { input, output } = schemas;
  const twofold = new Set(Object.keys(output).filter((name) => name in input && differs(name)));
  const nameOf = (io: Io, name: string) =>
    io === 'output' && twofold.has(name) ? `Returned${name}` : name;
  const components = Object.fromEntries(
    (['input', 'output'] as const).flatMap((io) =>
      Object.entries(schemas[io]).map(([name, schema]) => [nameOf(io, name), schema]),
    ),
  );
  return rewritten(document(components), (ref) => {
    const [io = '', name = ''] = ref.split(':');
    return `#/components/schemas/${nameOf(io as Io, name)}`;
  });

  function differs(name: string, seen: readonly string[] = []): boolean {
    if (!(name in input) || seen.includes(name)) return false;
    const going = JSON.stringify(output[name]);
    if (going.replaceAll('"output:', '"input:') !== JSON.stringify(input[name])) return true;
    const inner = [...going.matchAll(/"\$ref":"output:(\w+)"/g)].map(([, one = '']) => one);
    return inner.some((one) => differs(one, [...seen, name]));
  }
}

/** A copy with other references. Alternatives that have become the same, as all forms of a stage do when it is read, are there once. */
function rewritten(schema: object, refer: (ref: string) => string): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => {
      if (key === '$ref' && typeof value === 'string') return refer(value);
      if (!Array.isArray(value?.anyOf)) return value;
      const { anyOf, ...rest } = value;
      const different = [...new Set(anyOf.map((one: object) => JSON.stringify(one)))];
      return different.length > 1 ? value : { ...JSON.parse(String(different[0])), ...rest };
    }),
  );
}
