import type { Attributes, AttributeValue } from './order.ts';

/** One condition of a filter policy: an exact value, or one of the SNS operators. */
export type FilterCondition =
  | string
  | number
  | boolean
  | null
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly 'equals-ignore-case': string }
  | {
      readonly 'anything-but':
        | string
        | number
        | readonly (string | number)[]
        | { readonly prefix: string }
        | { readonly suffix: string };
    }
  | { readonly numeric: readonly (string | number)[] }
  | { readonly exists: boolean };

/**
 * An SNS filter policy on the order's attributes: every key must match, by any one of its conditions.
 * `$or` holds alternatives, of which one must match.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export interface FilterPolicy {
  readonly [attribute: string]: readonly FilterCondition[] | readonly FilterPolicy[];
}

/** Whether the attributes satisfy the policy. An array attribute matches when one of its elements does. */
export function matchesPolicy(policy: FilterPolicy, attributes: Attributes): boolean {
  return Object.entries(policy).every(([name, conditions]) => {
    if (name === '$or') {
      return (conditions as readonly FilterPolicy[]).some((one) => matchesPolicy(one, attributes));
    }
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    return (conditions as readonly FilterCondition[]).some((one) => holds(one, value));
  });
}

function holds(condition: FilterCondition, value: AttributeValue | undefined): boolean {
  if (typeof condition === 'object' && condition !== null && 'exists' in condition) {
    return condition.exists === (value !== undefined);
  }
  if (value === undefined) return false;
  if (!Array.isArray(value)) return holdsForOne(condition, value as string | number | boolean);
  const elements = value as readonly string[];
  if (typeof condition === 'object' && condition !== null && 'anything-but' in condition) {
    return elements.length > 0 && elements.every((element) => holdsForOne(condition, element));
  }
  return elements.some((element) => holdsForOne(condition, element));
}

function holdsForOne(condition: FilterCondition, value: string | number | boolean): boolean {
  if (typeof condition !== 'object' || condition === null) return condition === value;
  if ('prefix' in condition) return typeof value === 'string' && value.startsWith(condition.prefix);
  if ('suffix' in condition) return typeof value === 'string' && value.endsWith(condition.suffix);
  if ('equals-ignore-case' in condition) {
    return (
      typeof value === 'string' &&
      value.toLowerCase() === condition['equals-ignore-case'].toLowerCase()
    );
  }
  if ('anything-but' in condition) return !isOneOf(condition['anything-but'], value);
  if ('numeric' in condition) return typeof value === 'number' && inRange(condition.numeric, value);
  return false;
}

function isOneOf(
  excluded: (FilterCondition & { 'anything-but': unknown })['anything-but'],
  value: string | number | boolean,
): boolean {
  if (Array.isArray(excluded)) return (excluded as readonly unknown[]).includes(value);
  if (typeof excluded === 'object') {
    return holdsForOne(
      excluded as { readonly prefix: string } | { readonly suffix: string },
      value,
    );
  }
  return excluded === value;
}

/** `["=", 5]` or `[">=", 0, "<", 10]`: pairs of an operator and a bound, all of which must hold. */
function inRange(range: readonly (string | number)[], value: number): boolean {
  for (let index = 0; index + 1 < range.length; index += 2) {
    if (!compares(range[index], value, Number(range[index + 1]))) return false;
  }
  return range.length >= 2;
}

function compares(operator: string | number | undefined, value: number, bound: number): boolean {
  if (operator === '=') return value === bound;
  if (operator === '<') return value < bound;
  if (operator === '<=') return value <= bound;
  if (operator === '>') return value > bound;
  return operator === '>=' && value >= bound;
}
