import type * as z from 'zod/v4/core';

/** What is counted of a value that is too long or too short. */
const COUNTED: Readonly<Record<string, string>> = {
  string: 'character',
  array: 'element',
  set: 'element',
  object: 'key',
  record: 'key',
  map: 'key',
  file: 'byte',
};

const TYPES: Readonly<Record<string, string>> = {
  array: 'an array',
  boolean: 'true or false',
  date: 'a date',
  int: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a string',
};

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'an instant in ISO 8601 with its time zone, such as 2026-11-26T07:00:00Z',
  date: 'a date, such as 2026-11-26',
  email: 'an email address',
  time: 'a time of day, such as 07:00:00',
  url: 'a URL',
  uuid: 'a UUID',
};

/**
 * Why a value does not fit its schema, to be read after the value's path: *limit: must be at most 100*. It says what would fit,
 * and never repeats the value, which may be long or secret.
 */
export function whatWouldFit(issue: z.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return needed(issue.input, `must be ${typeName(issue.expected)}`);
    case 'invalid_value':
      return needed(issue.input, `must be ${oneOf(issue.values)}`);
    case 'invalid_format':
      return `must be ${formatName(issue)}`;
    case 'too_big': {
      const most = issue.exact ? 'exactly' : issue.inclusive === false ? 'less than' : 'at most';
      return limited(issue.origin, most, issue.maximum);
    }
    case 'too_small': {
      if (issue.minimum === 1 && issue.inclusive && isCounted(issue.origin))
        return 'must not be empty';
      const least = issue.exact ? 'exactly' : issue.inclusive === false ? 'more than' : 'at least';
      return limited(issue.origin, least, issue.minimum);
    }
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `these keys are not known here: ${issue.keys.join(', ')}`;
    case 'invalid_key':
      return 'this key is not allowed here';
    case 'invalid_element':
      return 'has an element that is not allowed here';
    case 'invalid_union':
      if (issue.inclusive !== false && issue.options) return `must be ${oneOf(issue.options)}`;
      return needed(issue.input, formsOf(issue.errors ?? []));
    case 'custom':
    case undefined:
      return 'does not fit';
  }
}

/**
 * What each form of a union asks of the whole value. A form that takes a value of this type is most likely meant: only where there is none,
 * all are named.
 */
function formsOf(forms: readonly (readonly z.$ZodIssue[])[]): string {
  const issues = firstOf(forms);
  const ofType = issues.filter(({ code }) => code !== 'invalid_type' && code !== 'invalid_value');
  const rules = (ofType.length > 0 ? ofType : issues).map(({ message }) =>
    message.replace(/^is missing; it /, ''),
  );
  if (rules.length === 0) return 'does not fit';
  if (!rules.every((rule) => rule.startsWith(MUST_BE))) return listed(rules);
  return MUST_BE + listed(rules.map((rule) => rule.slice(MUST_BE.length)));
}

/** What is first said of the value by each form; by those of a union within a union, too. */
function firstOf(forms: readonly (readonly z.$ZodIssue[])[]): readonly z.$ZodIssue[] {
  return forms
    .flatMap((form) => form.slice(0, 1))
    .flatMap((issue) => (issue.code === 'invalid_union' ? firstOf(issue.errors) : [issue]));
}

const MUST_BE = 'must be ';

/** `a string, a number, or null` */
function listed(all: readonly string[]): string {
  const different = [...new Set(all)];
  const [last = ''] = different.splice(-1);
  if (different.length === 0) return last;
  return `${different.join(', ')}${different.length > 1 ? ',' : ''} or ${last}`;
}

function needed(value: unknown, rule: string): string {
  return value === undefined ? `is missing; it ${rule}` : rule;
}

function typeName(type: string): string {
  return TYPES[type] ?? type;
}

function oneOf(values: readonly unknown[]): string {
  const written = values.map((value) => JSON.stringify(value));
  return written.length === 1 ? String(written[0]) : `one of ${written.join(', ')}`;
}

function formatName(issue: z.$ZodRawIssue<z.$ZodIssueInvalidStringFormat>): string {
  if (issue.format === 'regex') return `a string like ${issue.pattern}`;
  return FORMATS[issue.format] ?? `a string of the format ${issue.format}`;
}

function isCounted(origin: string): boolean {
  return COUNTED[origin] !== undefined;
}

function limited(origin: string, bound: string, limit: number | bigint): string {
  const counted = COUNTED[origin];
  if (counted === undefined) return `must be ${bound} ${limit}`;
  return `must have ${bound} ${limit} ${counted}${Number(limit) === 1 ? '' : 's'}`;
}
