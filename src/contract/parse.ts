import type * as z from 'zod/v4/core';
import { config, safeParse } from 'zod/v4/core';
import type { ProblemDetail } from './problem.ts';
import { Problem } from './problem.ts';
import { whatWouldFit } from './what-would-fit.ts';

/** By themselves, schemas of `zod/mini` say of everything that it is invalid input. */
config({ localeError: whatWouldFit });

/** The value as its schema reads it, defaults filled in. @throws {Problem} INVALID_REQUEST, which names every field that is wrong. */
export function parse<T extends z.$ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new Problem(
    'INVALID_REQUEST',
    parsed.error.issues.flatMap((issue) => detailsOf(issue)),
  );
}

/** A path as people write it: `activities[0].post[1].retry`. */
export function writePath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`,
    )
    .join('');
}

/** What is wrong at a path. The message begins with the path, so that it can be read alone. */
export function pathDetail(path: readonly PropertyKey[], reason: string): ProblemDetail {
  const where = writePath(path);
  return where === '' ? { message: reason } : { path: where, message: `${where}: ${reason}` };
}

function detailsOf(issue: z.$ZodIssue, above: readonly PropertyKey[] = []): ProblemDetail[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => pathDetail([...path, key], 'this key is not known here'));
  }
  if (issue.code === 'invalid_union') {
    const nearest = nearestBranch(issue.errors);
    if (nearest !== undefined) return nearest.flatMap((one) => detailsOf(one, path));
  }
  return [pathDetail(path, issue.message)];
}

/** Of a union's branches, the one that the writer most likely meant: the one that got furthest before it failed. */
function nearestBranch(
  branches: readonly (readonly z.$ZodIssue[])[],
): readonly z.$ZodIssue[] | undefined {
  const depth = (issues: readonly z.$ZodIssue[]) =>
    Math.max(...issues.map(({ path, code }) => path.length + (SAYS_MORE.has(code) ? 1 : 0)));
  const deep = branches.filter((issues) => issues.length > 0 && depth(issues) > 0);
  return deep.sort(
    (a, b) => unknownKeys(a) - unknownKeys(b) || a.length - b.length || depth(b) - depth(a),
  )[0];
}

/** What is said of a whole value that is at least of the right type. */
const SAYS_MORE: ReadonlySet<string> = new Set(['unrecognized_keys', 'custom']);

/** How many keys of the value itself the branch does not know. */
function unknownKeys(issues: readonly z.$ZodIssue[]): number {
  return issues.reduce(
    (sum, issue) =>
      sum + (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys.length : 0),
    0,
  );
}
