import { Ajv2020 } from 'ajv/dist/2020.js';
import { leadsElsewhere } from '../../../infra/local/host/server-problems.ts';
import { openapiDocument } from '../../../src/contract/openapi.ts';

interface Answer {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

export interface Operation {
  readonly requestBody?: { readonly required: boolean; readonly content: object };
  readonly responses: Readonly<Record<string, Answer & { readonly description: string }>>;
}

export interface OpenapiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly responses: Readonly<Record<string, Answer>>;
    readonly schemas: Readonly<Record<string, object>>;
  };
}

const document = openapiDocument() as OpenapiDocument;
// Formats are notes here: the schemas carry patterns where it matters.
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(document, 'openapi');

/**
 * What an answer has that the OpenAPI document does not say, as `ajv` reads it: a list that is empty when the answer is as
 * documented. A call of an address or with a method that is not in the document may be answered 404 or 405.
 */
export function undocumented(
  method: string,
  path: string,
  answer: { readonly status: number; readonly contentType: string; readonly body: unknown },
): readonly string[] {
  const { status, contentType, body } = answer;
  const where = placeOf(method, path, status);
  if (where === undefined) return [`${method} ${path} is not documented to answer ${status}`];
  const pointer = [...where, 'content', contentType, 'schema'].map(inPointer).join('/');
  if (status === 304) return body === null ? [] : ['304 has no body'];
  const validate = ajv.getSchema(`openapi#/${pointer}`);
  if (validate === undefined)
    return [`${method} ${path}: ${status} is not documented as ${contentType}`];
  if (validate(body)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

/** Where in the document the answer stands. */
function placeOf(method: string, path: string, status: number): readonly string[] | undefined {
  const template = Object.keys(document.paths).find((one) =>
    new RegExp(`^${one.replaceAll(/\{.*?\}/g, '[^/]+')}/?$`).test(path),
  );
  const operation = document.paths[template ?? '']?.[method.toLowerCase()];
  if (template !== undefined && operation?.responses[status] !== undefined) {
    return ['paths', template, method.toLowerCase(), 'responses', String(status)];
  }
  if (operation !== undefined) return undefined;
  if (status === 405) return ['components', 'responses', 'MethodNotAllowed'];
  // An unknown address is answered as any call is that lacks a token, or does not find what it names.
  const statuses = [401, 403, 404, ...(isReadable(path) ? [] : [422])];
  if (!statuses.includes(status)) return undefined;
  return ['paths', '/orders/{orderId}', 'get', 'responses', String(status)];
}

/** Whether the local server lets a path through: it decodes, and no part of it leads elsewhere. */
function isReadable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== undefined && !leadsElsewhere(path);
  } catch {
    return false;
  }
}

/** A part of a JSON pointer in a URI. */
function inPointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
