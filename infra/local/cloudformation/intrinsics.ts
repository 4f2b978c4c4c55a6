import { LocalError } from '../local-error.ts';

/** What intrinsic functions may ask for. All of it may have to be created first, so all of it is awaited. */
export interface Scope {
  /** The value of `Ref` to a resource or parameter of the template. */
  ref(name: string): Promise<unknown>;
  /** The value of `Fn::GetAtt`. */
  attribute(resource: string, attribute: string): Promise<unknown>;
  /** `AWS::Region` and the like; undefined when there is no such pseudo parameter. */
  pseudo(name: string): string | undefined;
  /** The definition of a condition. */
  condition(name: string): unknown;
  /** The value of `{{resolve:ssm:NAME}}`. */
  parameter(name: string): Promise<string>;
}

/** Stands for `AWS::NoValue`: whatever has this value is left out. */
const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: Scope) => Promise<unknown>;

/**
 * Evaluates the intrinsic functions and dynamic references in a piece of a template, as CloudFormation would.
 * Throws a LocalError that names the function for what is not provided.
 */
export async function resolve(value: unknown, scope: Scope): Promise<unknown> {
  const resolved = await evaluate(value, scope);
  return resolved === NO_VALUE ? undefined : resolved;
}

async function evaluate(value: unknown, scope: Scope): Promise<unknown> {
  if (typeof value === 'string') return dynamicReferences(value, scope);
  if (Array.isArray(value)) {
    const items = await inOrder(value, (item) => evaluate(item, scope));
    return items.filter((item) => item !== NO_VALUE);
  }
  if (value === null || typeof value !== 'object') return value;

  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name !== undefined) {
    const intrinsic = intrinsics[name];
    if (intrinsic) return intrinsic(argument, scope);
    if (name.startsWith('Fn::')) throw new LocalError(`${name} is not provided locally.`);
  }
  const resolved = await inOrder(entries, async ([key, item]) => [
    key,
    await evaluate(item, scope),
  ]);
  return Object.fromEntries(resolved.filter(([, item]) => item !== NO_VALUE));
}

const intrinsics: Record<string, Intrinsic> = {
  Ref: async (name, scope) => {
    if (name === 'AWS::NoValue') return NO_VALUE;
    return pseudo(String(name), scope) ?? scope.ref(String(name));
  },

  'Fn::GetAtt': async (argument, scope) => {
    const [resource, ...path] = Array.isArray(argument) ? argument : String(argument).split('.');
    return scope.attribute(resource, path.join('.'));
  },

  'Fn::Sub': async (argument, scope) => {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    return substitute(String(template), variables ?? {}, scope);
  },

  'Fn::Join': async (argument, scope) => {
    const [delimiter, list] = argument as [string, unknown];
    return ((await evaluate(list, scope)) as unknown[]).join(delimiter);
  },

  'Fn::Select': async (argument, scope) => {
    const [index, list] = (await evaluate(argument, scope)) as [number | string, unknown[]];
    if (list[Number(index)] === undefined)
      throw new LocalError(`Fn::Select finds no element ${index} in a list of ${list.length}.`);
    return list[Number(index)];
  },

  'Fn::Split': async (argument, scope) => {
    const [delimiter, text] = (await evaluate(argument, scope)) as [string, string];
    return text.split(delimiter);
  },

  'Fn::If': async (argument, scope) => {
    const [condition, whenTrue, whenFalse] = argument as [string, unknown, unknown];
    const holds = await evaluate({ Condition: condition }, scope);
    return evaluate(holds ? whenTrue : whenFalse, scope);
  },

  'Fn::Equals': async (argument, scope) => {
    const [left, right] = (await evaluate(argument, scope)) as [unknown, unknown];
    return String(left) === String(right);
  },

  'Fn::Not': async (argument, scope) => {
    const [condition] = (await evaluate(argument, scope)) as [boolean];
    return !condition;
  },

  'Fn::And': async (argument, scope) =>
    ((await evaluate(argument, scope)) as boolean[]).every(Boolean),

  'Fn::Or': async (argument, scope) =>
    ((await evaluate(argument, scope)) as boolean[]).some(Boolean),

  /** A reference to a condition by name; as a key of policy documents it holds an object and is no function. */
  Condition: async (name, scope) => {
    if (typeof name !== 'string') return { Condition: await evaluate(name, scope) };
    const definition = scope.condition(name);
    if (definition === undefined) throw new LocalError(`There is no condition ${name}.`);
    return evaluate(definition, scope);
  },
};

async function substitute(
  template: string,
  variables: Record<string, unknown>,
  scope: Scope,
): Promise<string> {
  const parts = template.split(/(\$\{[^}]*\})/);
  const substituted = await inOrder(parts, async (part) => {
    const name = /^\$\{(.*)\}$/.exec(part)?.[1]?.trim();
    if (name === undefined) return part;
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (name in variables) return evaluate(variables[name], scope);
    const [resource, attribute] = splitOnce(name, '.');
    if (attribute !== undefined) return scope.attribute(resource, attribute);
    return pseudo(name, scope) ?? scope.ref(name);
  });
  return dynamicReferences(substituted.join(''), scope);
}

function pseudo(name: string, scope: Scope): string | undefined {
  if (!name.startsWith('AWS::')) return undefined;
  const value = scope.pseudo(name);
  if (value === undefined) throw new LocalError(`There is no pseudo parameter ${name}.`);
  return value;
}

async function dynamicReferences(text: string, scope: Scope): Promise<string> {
  if (!text.includes('{{resolve:')) return text;
  const parts = await inOrder(text.split(/(\{\{resolve:[^}]*\}\})/), async (part) => {
    const reference = /^\{\{resolve:([^:}]*):(.*)\}\}$/.exec(part);
    if (!reference) return part;
    const [, service, name = ''] = reference;
    if (service !== 'ssm')
      throw new LocalError(`${part} is not provided locally, only {{resolve:ssm:NAME}}.`);
    return scope.parameter(name.replace(/:\d+$/, ''));
  });
  return parts.join('');
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const place = text.indexOf(separator);
  return place < 0 ? [text, undefined] : [text.slice(0, place), text.slice(place + 1)];
}

/** One after the other, so that resources are created in an order that a reader can follow. */
async function inOrder<Item, Result>(
  items: Item[],
  map: (item: Item) => Promise<Result> | Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await map(item));
  return results;
}
