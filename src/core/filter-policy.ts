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
  | { readonly 'anything-but': Excluded }
  | { readonly numeric: readonly (string | number)[] }
  | { readonly cidr: string }
  | { readonly exists: boolean };

/** What `anything-but` leaves out. */
export type Excluded =
  | string
  | number
  | readonly (string | number)[]
  | { readonly prefix: string }
  | { readonly suffix: string };

/**
 * An SNS filter policy on the order's attributes: every key must match, by any one of its conditions.
 * `$or` holds alternatives, of which one must match.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export interface FilterPolicy {
  readonly [attribute: string]: readonly FilterCondition[] | readonly FilterPolicy[];
}

type Scalar = string | number | boolean;

/** Whether the attributes satisfy the policy. */
export function matchesPolicy(policy: FilterPolicy, attributes: Attributes): boolean {
  return Object.entries(policy).every(([name, conditions]) => {
    if (name === '$or') {
      return (conditions as readonly FilterPolicy[]).some((one) => matchesPolicy(one, attributes));
    }
    return (conditions as readonly FilterCondition[]).some((one) => holds(one, name, attributes));
  });
}

function holds(condition: FilterCondition, name: string, attributes: Attributes): boolean {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (typeof condition === 'object' && condition !== null && 'exists' in condition) {
    if (condition.exists) return isPresent(value);
    // An order without any attribute matches no `exists: false`, as SNS has it.
    return !isPresent(value) && Object.values(attributes).some(isPresent);
  }
  // Each element of a list is a value of its own. One that matches is enough, for `anything-but` as well:
  // SNS's examples say so of ["rugby", "baseball"] and of [100, 50].
  return elementsOf(value).some((element) => holdsFor(condition, element));
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html ("non-null and non-empty") */
function isPresent(value: AttributeValue | undefined): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function elementsOf(value: AttributeValue | undefined): readonly Scalar[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly string[]) : [value as Scalar];
}

function holdsFor(condition: FilterCondition, value: Scalar): boolean {
  if (typeof condition !== 'object' || condition === null) return condition === value;
  if ('anything-but' in condition) return !isExcluded(condition['anything-but'], value);
  if ('numeric' in condition) return typeof value === 'number' && inRange(condition.numeric, value);
  if (typeof value !== 'string') return false;
  if ('prefix' in condition) return value.startsWith(condition.prefix);
  if ('suffix' in condition) return value.endsWith(condition.suffix);
  if ('equals-ignore-case' in condition) {
    return value.toLowerCase() === condition['equals-ignore-case'].toLowerCase();
  }
  return 'cidr' in condition && isInBlock(condition.cidr, value);
}

function isExcluded(excluded: Excluded, value: Scalar): boolean {
  if (typeof excluded !== 'object') return excluded === value;
  if ('prefix' in excluded || 'suffix' in excluded) return holdsFor(excluded, value);
  return excluded.some((one) => one === value);
}

/** `["=", 5]` or `[">=", 0, "<", 10]`: pairs of an operator and a bound, all of which must hold. */
function inRange([operator, bound, ...more]: readonly (string | number)[], value: number): boolean {
  if (!compares(operator, value, Number(bound))) return false;
  return more.length === 0 || inRange(more, value);
}

function compares(operator: string | number | undefined, value: number, bound: number): boolean {
  if (operator === '=') return value === bound;
  if (operator === '<') return value < bound;
  if (operator === '<=') return value <= bound;
  if (operator === '>') return value > bound;
  return operator === '>=' && value >= bound;
}

/** Whether the IPv4 address lies in the block, which is written like `10.0.0.0/24`. */
function isInBlock(block: string, address: string): boolean {
  const [network, length] = block.split('/') as [string, string];
  const size = 2 ** (32 - Number(length));
  return Math.floor(addressOf(network) / size) === Math.floor(addressOf(address) / size);
}

/** The address as one number; `NaN`, which equals nothing, for a text that is none. */
function addressOf(text: string): number {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && +part < 256)) {
    return Number.NaN;
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}
