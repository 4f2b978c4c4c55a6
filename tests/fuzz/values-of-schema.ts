import fc from 'fast-check';

/** The words of JSON Schema that the document's bodies use. */
export interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
}

export interface Sources {
  /** What `$ref` leads to. */
  readonly schemas: Readonly<Record<string, Schema>>;
  /** Texts of JSON that stand for any value, and now and then for one that a schema forbids. */
  readonly any: fc.Arbitrary<string>;
  /** Names of things that are there. */
  readonly there: readonly string[];
  /** Texts that mean something somewhere. */
  readonly names: fc.Arbitrary<string>;
  /** Names of the schemas in which the value lies. */
  readonly within?: readonly string[];
}

/** A schema may lie within itself: so often, and then there is any value in its place. */
const MOST_WITHIN_ITSELF = 2;

/** JSON texts of values that a schema describes. One part in twenty does not fit it, of the deeper ones one in a hundred. */
export function valuesOf(schema: Schema, sources: Sources, depth = 0): fc.Arbitrary<string> {
  const fitting = fittingOf(schema, sources, depth);
  const weight = depth > 2 ? 99 : 19;
  return fc.oneof({ weight, arbitrary: fitting }, { weight: 1, arbitrary: sources.any });
}

function fittingOf(schema: Schema, sources: Sources, depth: number): fc.Arbitrary<string> {
  const { $ref, anyOf, type } = schema;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? '';
    const { within = [] } = sources;
    if (within.filter((one) => one === name).length === MOST_WITHIN_ITSELF) return sources.any;
    const deeper = { ...sources, within: [...within, name] };
    return valuesOf(sources.schemas[name] ?? {}, deeper, depth + 1);
  }
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((one) => valuesOf(one, sources, depth)));
  if ('const' in schema) return fc.constant(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum.map(toText));
  switch (type) {
    case 'string':
      return textOf(schema, sources);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.constantFrom('true', 'false');
    case 'array':
      return fc
        .array(valuesOf(schema.items ?? {}, sources, depth + 1), {
          minLength: schema.minItems ?? 0,
          maxLength: depth > 3 ? 1 : 3,
        })
        .map((items) => `[${items.join(',')}]`);
    case 'object':
      return objectOf(schema, sources, depth);
    default:
      return sources.any;
  }
}

const toText = (value: unknown) => JSON.stringify(value);

function textOf({ pattern, maxLength = 20 }: Schema, { names, there }: Sources) {
  const made =
    pattern === undefined
      ? fc.string({ unit: 'binary', maxLength: Math.min(maxLength, 40) })
      : fc.stringMatching(new RegExp(pattern));
  return fc
    .oneof(
      { weight: 4, arbitrary: fc.constantFrom(...there) },
      { weight: 1, arbitrary: names },
      { weight: 1, arbitrary: made },
    )
    .map(toText);
}

function numberOf({ type, minimum = -5, maximum = 100 }: Schema): fc.Arbitrary<string> {
  const range = { min: minimum, max: Math.min(maximum, minimum + 1000) };
  const number = type === 'integer' ? fc.integer(range) : fc.double({ ...range, noNaN: true });
  return number.map(toText);
}

function objectOf(schema: Schema, sources: Sources, depth: number): fc.Arbitrary<string> {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  const known = Object.entries(properties).map(([name, one]) => {
    const pair = valuesOf(one, sources, depth + 1).map((value) => `${toText(name)}:${value}`);
    return required.includes(name)
      ? pair
      : fc.oneof({ weight: 1, arbitrary: pair }, { weight: 2, arbitrary: fc.constant(undefined) });
  });
  const further =
    typeof additionalProperties === 'object'
      ? fc.array(
          fc
            .tuple(
              valuesOf(propertyNames ?? { type: 'string' }, sources, depth),
              valuesOf(additionalProperties, sources, depth + 1),
            )
            .map(([name, value]) => `${name.startsWith('"') ? name : '"x"'}:${value}`),
          { maxLength: 2 },
        )
      : fc.constant([]);
  return fc
    .tuple(fc.tuple(...known), further)
    .map(([first, rest]) => `{${[...first.filter((one) => one !== undefined), ...rest].join()}}`);
}
