/** What of a JSON Schema a form understands; everything else of it is left to whoever checks the input. */
export type Schema = Readonly<Record<string, unknown>>;

export type FieldKind = 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'json';

/** One property of the input, as the form asks for it. */
export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly isRequired: boolean;
  /** Below the field. */
  readonly about?: string | undefined;
  /** Of a choice: as JSON. */
  readonly options: readonly string[];
  /** As the form holds it; empty for none. */
  readonly initial: string;
  readonly limits: {
    readonly min?: number | undefined;
    readonly max?: number | undefined;
    readonly maxLength?: number | undefined;
  };
}

/** The fields of a form for an object. Undefined where the schema describes no object, or none by its properties: it is typed as JSON. */
export function fieldsOf({ type, properties, required }: Schema): readonly Field[] | undefined {
  if (type !== 'object' || !isObject(properties)) return undefined;
  const named = Object.entries(properties).filter(([, schema]) => isObject(schema));
  if (named.length === 0) return undefined;
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return named.map(([name, schema]) => fieldOf(name, schema as Schema, needed.includes(name)));
}

function fieldOf(name: string, schema: Schema, isRequired: boolean): Field {
  const { description, minimum, maximum, maxLength, enum: options } = schema;
  const kind = kindOf(schema);
  return {
    ...{ name, kind, isRequired },
    about: typeof description === 'string' ? description : undefined,
    options: Array.isArray(options) ? options.map((option) => JSON.stringify(option)) : [],
    initial: initialOf(kind, schema, isRequired),
    limits: {
      min: ifNumber(minimum),
      max: ifNumber(maximum),
      maxLength: ifNumber(maxLength),
    },
  };
}

function kindOf({ type, enum: options }: Schema): FieldKind {
  if (Array.isArray(options)) return 'choice';
  switch (type) {
    case 'string':
      return 'text';
    case 'number':
    case 'integer':
    case 'boolean':
      return type;
    // An array, an object, or one of several.
    default:
      return 'json';
  }
}

/** A box that has to be ticked or not is not ticked at first. */
function initialOf(kind: FieldKind, schema: Schema, isRequired: boolean): string {
  if (schema.default !== undefined) return writtenAs(kind, schema.default);
  return kind === 'boolean' && isRequired ? 'false' : '';
}

export const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ifNumber = (value: unknown) => (typeof value === 'number' ? value : undefined);

/** A value as the form holds it: a text as it is, everything else as JSON. */
export const writtenAs = (kind: FieldKind, value: unknown) =>
  kind === 'text' ? String(value) : JSON.stringify(value);
