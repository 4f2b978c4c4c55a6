import * as z from 'zod';

/** A JSON Schema, as zod writes it. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

/** Named schemas: each becomes a section, to which the others link. */
export type Schemas = ReadonlyMap<string, Schema>;

/** The schema, and what it refers to by name. @param io whether defaults are still to be filled in, or have been */
export function schemasOf(root: z.core.$ZodType, io: 'input' | 'output' = 'input'): Schemas {
  const { $defs = {}, ...own } = z.toJSONSchema(root, { io, unrepresentable: 'any' }) as Schema;
  const named = own.$ref === undefined ? [['', own] as const] : [];
  return new Map([...named, ...Object.entries($defs)]);
}

/** Any JSON is told in words where it stands. Zod calls it `__schema0` where it has no name of its own. */
const ANY_JSON = /^(Json|__schema\d+)$/;

/** A heading for each schema, with a table of its fields. */
export function sections(
  schemas: Schemas,
  titles: Readonly<Record<string, string>> = {},
  level = '##',
): string {
  return [...schemas]
    .filter(([name, schema]) =>
      name === '' ? schema.properties !== undefined : !ANY_JSON.test(name),
    )
    .map(([name, schema]) =>
      [`${level} ${titles[name] ?? name}`, section(schema, schemas)].join('\n\n'),
    )
    .join('\n\n');
}

/** What stands under a schema's heading. */
export function section(schema: Schema, schemas: Schemas): string {
  const { description } = schema;
  const paragraphs = description === undefined ? [] : [`${sentence(description)}`];
  const choices = alternatives(schema);
  if (choices.length > 0) {
    paragraphs.push(`One of:\n\n${choices.map((one) => choice(one)).join('\n')}`);
    choices.forEach((one) => {
      if (one.properties !== undefined) paragraphs.push(table(rows(one, schemas)));
    });
  } else {
    const fields = rows(schema, schemas);
    paragraphs.push(fields.length > 0 ? table(fields) : sentence(typeOf(schema)));
  }
  return paragraphs.join('\n\n');
}

function choice(schema: Schema): string {
  const means = schema.description;
  const type = `${typeOf(schema)}${told(schema)}`;
  return means === undefined ? `- ${type}` : `- ${type}: ${means}`;
}

/** What tells a nameless object from the others that may stand in its place: the fields that it must have. */
function told({ properties = {}, required = [] }: Schema): string {
  if (required.length === 0) return '';
  const fields = required.map((name) => {
    const value = properties[name]?.const;
    return value === undefined ? `\`${name}\`` : `\`${name}: ${JSON.stringify(value)}\``;
  });
  return ` with ${fields.join(', ')}`;
}

interface Row {
  readonly field: string;
  readonly type: string;
  readonly presence: string;
  readonly means: string;
}

/** Fields of an object, those of objects without a name of their own included. */
function rows(schema: Schema, schemas: Schemas, above = ''): readonly Row[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = above + name;
    const row = {
      field: `\`${path}\``,
      type: typeOf(field),
      presence: presenceOf(field, required.includes(name)),
      means: meaningOf(field, schemas) ?? '',
    };
    return [row, ...inner(field, path).flatMap(([one, at]) => rows(one, schemas, at))];
  });
}

/** The nameless objects in a field, each with the path that its fields begin with. */
function inner(field: Schema, path: string): readonly (readonly [Schema, string])[] {
  if (field.properties !== undefined) return [[field, `${path}.`]];
  if (field.items !== undefined) return inner(field.items, `${path}[]`);
  const { additionalProperties } = field;
  if (typeof additionalProperties === 'object') return inner(additionalProperties, `${path}.*`);
  return alternatives(field).flatMap((one) => inner(one, path));
}

/** What a field means: what it says itself, or what the schema says that it refers to. */
export function meaningOf(field: Schema, schemas: Schemas): string | undefined {
  return field.description ?? schemas.get(refersTo(field) ?? '')?.description;
}

function presenceOf(field: Schema, required: boolean): string {
  if ('default' in field) return `\`${JSON.stringify(field.default)}\``;
  return required ? 'required' : 'optional';
}

/** The type in a few words; a named schema is a link to its section. */
export function typeOf(schema: Schema): string {
  const name = refersTo(schema);
  if (name === 'Json') return 'any JSON';
  if (name !== undefined) return `[${name}](#${name.toLowerCase()})`;
  if ('const' in schema) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) {
    return schema.enum.map((one) => `\`${JSON.stringify(one)}\``).join(', ');
  }
  const choices = alternatives(schema);
  if (choices.length > 0) {
    return [...new Set(choices.map((one) => typeOf(one)))].join(' or ');
  }
  if (Array.isArray(schema.type)) {
    return schema.type.map((type) => typeOf({ ...schema, type })).join(' or ');
  }
  switch (schema.type) {
    case 'array':
      return `list of ${grouped(schema.items)}${bounds(schema.minItems, schema.maxItems)}`;
    case 'object': {
      const { additionalProperties: values } = schema;
      return typeof values === 'object' ? `object of ${grouped(values)}` : 'object';
    }
    case 'integer':
      return `whole number${range(schema)}`;
    case 'number':
      return `number${range(schema)}`;
    case 'string':
      if (schema.format === 'date-time') return 'instant (ISO 8601)';
      return `text${bounds(schema.minLength, schema.maxLength, ' character')}`;
    case 'boolean':
      return '`true` or `false`';
    case 'null':
      return '`null`';
    default:
      return 'any JSON';
  }
}

function grouped(schema: Schema = {}): string {
  const type = typeOf(schema);
  return type.includes(' or ') ? `(${type})` : type;
}

const refersTo = ({ $ref }: Schema): string | undefined =>
  $ref?.replace(/^#\/(\$defs|components\/schemas)\//, '');

const alternatives = ({ anyOf, oneOf }: Schema): readonly Schema[] => anyOf ?? oneOf ?? [];

function range({ minimum, exclusiveMinimum, maximum }: Schema): string {
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (exclusiveMinimum !== undefined) {
    return `, above ${exclusiveMinimum}${most === undefined ? '' : `, at most ${most}`}`;
  }
  const least = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum;
  return bounds(least, most);
}

function bounds(least: number | undefined, most: number | undefined, unit = ''): string {
  if (least === undefined && most === undefined) return '';
  const many = (count: number | undefined) => (unit === '' || count === 1 ? unit : `${unit}s`);
  if (most === undefined) return `, at least ${least}${many(least)}`;
  if (least === undefined) return `, at most ${most}${many(most)}`;
  return `, ${least} to ${most}${many(most)}`;
}

function table(fields: readonly Row[]): string {
  const lines = fields.map(({ field, type, presence, means }) => [field, type, presence, means]);
  return markdownTable(['field', 'type', 'default', 'means'], lines);
}

/** A Markdown table. Bars within a cell are escaped. */
export function markdownTable(
  head: readonly string[],
  lines: readonly (readonly string[])[],
): string {
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}

/** Outside of code, `<` would begin a tag. */
const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('`');

/** A description as a sentence of its own. */
export function sentence(text: string): string {
  const first = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.:!?]$/.test(first) ? first : `${first}.`;
}
