import { isPermanentError, PermanentError } from './task-errors.ts';

/** One thing that is wrong with an input, as zod and all standard schemas tell it. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

type Validated<Input> =
  | { readonly value: Input; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

/**
 * What can check an input: a schema of zod, valibot, arktype or any other library that follows Standard Schema, or an
 * object with a `parse` that returns the input or throws; it may be asynchronous.
 * @see https://standardschema.dev
 *
 * @example
 * import { definePlugin, type InputSchema } from 'batonflow/sdk';
 *
 * const word: InputSchema<string> = {
 *   parse(value) {
 *     if (typeof value === 'string' && !value.includes(' ')) return value;
 *     throw new Error('a single word is needed');
 *   },
 * };
 *
 * export const handler = definePlugin((input) => input.toUpperCase(), { input: word });
 */
export type InputSchema<Input> =
  | {
      readonly '~standard': {
        readonly validate: (value: unknown) => Validated<Input> | Promise<Validated<Input>>;
      };
    }
  | { parse(value: unknown): Input | Promise<Input> };

/** The input as its schema reads it. @throws {PermanentError} INVALID_INPUT that names each field; or what `parse` threw as one. */
export async function readInput<Input>(
  schema: InputSchema<Input> | undefined,
  value: unknown,
): Promise<Input> {
  if (schema === undefined) return value as Input;
  if ('~standard' in schema) {
    const validated = await schema['~standard'].validate(value);
    if (validated.issues === undefined) return validated.value;
    throw invalidInput(validated.issues);
  }
  try {
    return await schema.parse(value);
  } catch (error) {
    if (isPermanentError(error)) throw error;
    throw invalidInput(issuesOf(error), error);
  }
}

function invalidInput(issues: readonly Issue[], cause?: unknown): PermanentError {
  const message = issues.map((issue) => `${writePath(issue.path)}: ${issue.message}`).join('; ');
  return new PermanentError('INVALID_INPUT', message, { cause });
}

function issuesOf(error: unknown): readonly Issue[] {
  const issues = (error as { issues?: unknown } | null)?.issues;
  if (Array.isArray(issues) && issues.length > 0) return issues as readonly Issue[];
  return [{ message: error instanceof Error ? error.message : String(error) }];
}

/** `input.sizes[0].width` */
function writePath(path: Issue['path'] = []): string {
  return path
    .map((segment) => (typeof segment === 'object' ? segment.key : segment))
    .reduce<string>(
      (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
      'input',
    );
}
