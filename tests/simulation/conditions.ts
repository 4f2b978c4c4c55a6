import type { Attribute, Condition, Item } from '../../src/aws/table.ts';

type Test = (item: Item, values: Item) => boolean;

const parsed = new Map<string, Test>();

/** Whether an item fulfils a condition expression: the part of DynamoDB's grammar that Baton uses, and an error for the rest. */
export function fulfils(item: Item | undefined, condition: Condition, values: Item): boolean {
  const test = parsed.get(condition.expression) ?? parse(condition.expression);
  parsed.set(condition.expression, test);
  return test(item ?? {}, values);
}

function parse(expression: string): Test {
  const tokens = expression.match(/[A-Za-z_][\w]*|:[\w]+|<>|<=|>=|[=<>(),]/g) ?? [];
  let next = 0;
  const take = (expected?: string) => {
    const token = tokens[next];
    next += 1;
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`condition "${expression}": ${expected ?? 'more'} expected, not ${token}`);
    }
    return token;
  };
  const either = (): Test => {
    const alternatives = [both()];
    while (tokens[next] === 'OR') {
      next += 1;
      alternatives.push(both());
    }
    return (item, values) => alternatives.some((test) => test(item, values));
  };
  const both = (): Test => {
    const parts = [one()];
    while (tokens[next] === 'AND') {
      next += 1;
      parts.push(one());
    }
    return (item, values) => parts.every((test) => test(item, values));
  };
  const one = (): Test => {
    const token = take();
    if (token === '(') {
      const inner = either();
      take(')');
      return inner;
    }
    if (token === 'NOT') {
      const inner = one();
      return (item, values) => !inner(item, values);
    }
    if (token === 'attribute_exists' || token === 'attribute_not_exists') {
      take('(');
      const name = take();
      take(')');
      const wanted = token === 'attribute_exists';
      return (item) => (item[name] !== undefined) === wanted;
    }
    if (token === 'contains') {
      take('(');
      const set = operand(take());
      take(',');
      const member = operand(take());
      take(')');
      return (item, values) => membersOf(set(item, values)).includes(String(member(item, values)));
    }
    if (token === 'begins_with') {
      take('(');
      const left = operand(take());
      take(',');
      const right = operand(take());
      take(')');
      return (item, values) => String(left(item, values)).startsWith(String(right(item, values)));
    }
    const left = token === 'size' ? size() : operand(token);
    const operator = take();
    const right = operand(take());
    return (item, values) => compare(left(item, values), operator, right(item, values));
  };
  /** Of what is not there, there is no size. */
  const size = () => {
    take('(');
    const set = operand(take());
    take(')');
    return (item: Item, values: Item) => {
      const found = set(item, values);
      return found === undefined ? undefined : membersOf(found).length;
    };
  };
  const test = either();
  if (next !== tokens.length) throw new Error(`condition "${expression}": ${tokens[next]}?`);
  return test;
}

/** What is no set has no members. */
function membersOf(set: Attribute | undefined): readonly string[] {
  return Array.isArray(set) ? (set as readonly string[]) : [];
}

function operand(token: string): (item: Item, values: Item) => Attribute | undefined {
  if (!token.startsWith(':')) return (item) => item[token];
  return (_, values) => {
    const value = values[token.slice(1)];
    if (value === undefined) throw new Error(`the condition names no value ${token}`);
    return value;
  };
}

/** Of different types, or of an attribute that is not there, nothing is true but that they differ. */
function compare(a: Attribute | undefined, operator: string, b: Attribute | undefined): boolean {
  if (a === undefined || b === undefined || typeof a !== typeof b) return operator === '<>';
  switch (operator) {
    case '=':
      return a === b;
    case '<>':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
  throw new Error(`a condition with ${operator}`);
}
