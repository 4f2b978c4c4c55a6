import { createRequire } from 'node:module';
import { LocalError } from '../local-error.ts';
import type { ServerlessInstance } from './osls-internals.ts';

interface Schema {
  properties: Record<string, Schema>;
  patternProperties: Record<string, Schema>;
  items: Schema;
  anyOf: Schema[];
  required: string[];
}

type Fields = Readonly<Record<string, unknown>>;

interface Validate {
  (value: unknown): boolean;
  errors?: object[] | null;
}

interface Ajv {
  compile(schema: object): Validate;
  addKeyword(keyword: object): void;
}

const require = createRequire(import.meta.url);

/**
 * Refuses what `serverless package` would refuse, in its words: unknown keys, and values of a wrong kind. Accepted here and passed over in
 * silence, they would be missed in the work of the plugin only, or at the first deployment.
 * @param file as the line names it
 * @throws {LocalError}
 */
export function refuseFaultyFile(instance: ServerlessInstance, file: string): void {
  const { configValidationMode = 'error', ...given } = instance.configurationInput;
  if (configValidationMode !== 'error') return;
  // As osls does: both may have been lists of parts.
  const { functions, resources } = instance.service;
  const whole = { ...given, functions, ...(given.resources !== undefined && { resources }) };
  const faults = faultsOf(instance.configSchemaHandler.schema, withoutNulls(whole) as Fields);
  if (faults.length === 0) return;
  throw new LocalError(`${file}: ${faults.map(withRemedy).join('; ')}`);
}

/**
 * osls compiles the whole schema, which takes seconds, and keeps the 8 MB that come of it in the home folder. Of what the file does not
 * use, only the names count: without the rest it takes hundredths of a second.
 */
function faultsOf(schema: object, file: Fields): string[] {
  const ofOsls = createRequire(require.resolve('serverless/lib/serverless'));
  const { default: Ajv } = ofOsls('ajv') as { default: new (options: object) => Ajv };
  // The options of osls: https://github.com/oss-serverless/osls/blob/main/lib/classes/config-schema-handler/resolve-ajv-validate.js
  const ajv = new Ajv({
    allErrors: true,
    coerceTypes: 'array',
    verbose: true,
    strict: true,
    strictRequired: false,
  });
  (ofOsls('ajv-formats') as { default: (ajv: Ajv) => void }).default(ajv);
  const ofHandler = (name: string) => ofOsls(`./classes/config-schema-handler/${name}`) as unknown;
  ajv.addKeyword(ofHandler('regexp-keyword') as object);
  const validate = ajv.compile(partInUse(schema as Schema, file));
  if (validate(file)) return [];
  const normalize = ofHandler('normalize-ajv-errors') as (errors: object[]) => Error[];
  return normalize(validate.errors ?? []).map(({ message }) => message);
}

function partInUse(whole: Schema, file: Fields): Schema {
  const schema = structuredClone(whole);
  const functions = valuesOf(file.functions);
  const events = functions.flatMap(({ events = [] }) => [events].flat()).flatMap(keysOf);
  leaveNamesOf(schema, Object.keys(file));
  if (schema.properties.provider?.properties)
    leaveNamesOf(schema.properties.provider, keysOf(file.provider));
  for (const ofFunction of Object.values(schema.properties.functions?.patternProperties ?? {})) {
    const { items } = ofFunction.properties.events ?? {};
    if (items) items.anyOf = items.anyOf.filter(({ required }) => isInUse(required, events));
    leaveNamesOf(ofFunction, functions.flatMap(keysOf));
  }
  return schema;
}

/** The first form is a stand-in of osls's, since there must be one. */
function isInUse([event = '']: string[], events: readonly string[]): boolean {
  return event.startsWith('__') || events.includes(event);
}

/** Anything may be the value of a property that is not in use. */
function leaveNamesOf(schema: Schema, inUse: readonly string[]): void {
  for (const name of Object.keys(schema.properties))
    if (!inUse.includes(name)) schema.properties[name] = {} as Schema;
}

const keysOf = (value: unknown): string[] =>
  value !== null && typeof value === 'object' ? Object.keys(value) : [];

function valuesOf(value: unknown): Fields[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).filter((one) => one !== null && typeof one === 'object');
}

/** A key without a value counts for osls as one that is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutNulls(one)]));
}

function withRemedy(fault: string): string {
  if (!fault.endsWith("unrecognized property 'baton'")) return fault;
  return `${fault}; the service needs the line "plugins: [batonflow/plugin-resources]"`;
}
