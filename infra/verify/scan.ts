import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { run } from './command.ts';

const BASELINE = new URL('./scan-baseline.yml', import.meta.url);

const baselineSchema = z.array(
  z.strictObject({
    check: z.string(),
    /** TYPE.LOGICALID, with * for any part. */
    on: z.array(z.string()).min(1),
    reason: z.string().min(20),
  }),
);

const reportSchema = z.object({
  results: z.object({
    failed_checks: z.array(
      z.object({
        check_id: z.string(),
        check_name: z.string(),
        file_path: z.string(),
        resource: z.string(),
      }),
    ),
  }),
  summary: z.object({ passed: z.number(), parsing_errors: z.number(), resource_count: z.number() }),
});

type Finding = z.output<typeof reportSchema>['results']['failed_checks'][number];
type Explanation = z.output<typeof baselineSchema>[number];

/** Scans all templates in a folder with checkov. @throws with findings without an explanation, and explanations without a finding */
export async function scan(python: string, folder: string): Promise<string[]> {
  const checkov = path.join(path.dirname(python), 'checkov');
  const output = await run(
    checkov,
    // Without --skip-download, checkov would call its vendor's server.
    [
      '--framework',
      'cloudformation',
      '--directory',
      folder,
      '--quiet',
      '--compact',
      '--skip-download',
      '--output',
      'json',
    ],
    { seconds: 600, exitCodes: [0, 1] },
  );
  const { results, summary } = reportSchema.parse(JSON.parse(output));
  const baseline = baselineSchema.parse(parse(await readFile(BASELINE, 'utf8')));
  const wrong = compare(results.failed_checks, baseline);
  if (summary.parsing_errors > 0)
    wrong.push(`checkov cannot read ${summary.parsing_errors} templates`);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return [
    `${summary.resource_count} resources, ${summary.passed} checks passed, ${results.failed_checks.length} findings explained:`,
    ...baseline.map(({ check, reason }) => {
      const count = results.failed_checks.filter((one) => one.check_id === check).length;
      return `${check} (${count}): ${reason}`;
    }),
  ];
}

/** Findings without an explanation, and explanations without a finding. */
export function compare(findings: readonly Finding[], baseline: readonly Explanation[]): string[] {
  const matches = (finding: Finding, check: string, pattern: string) =>
    finding.check_id === check && matchesPattern(finding.resource, pattern);
  const unexplained = findings.filter(
    (finding) =>
      !baseline.some(({ check, on }) => on.some((pattern) => matches(finding, check, pattern))),
  );
  const stale = baseline.flatMap(({ check, on }) =>
    on
      .filter((pattern) => !findings.some((finding) => matches(finding, check, pattern)))
      .map((pattern) => `${check} on ${pattern}`),
  );
  return [
    ...unexplained.map(
      ({ check_id, check_name, file_path, resource }) =>
        `without an explanation: ${check_id} on ${resource} (${path.basename(path.dirname(file_path))}): ${check_name}`,
    ),
    ...stale.map((one) => `without a finding: ${one}`),
  ];
}

/** `*` matches any text. */
function matchesPattern(text: string, pattern: string): boolean {
  return path.matchesGlob(text.replaceAll(':', '_'), pattern.replaceAll(':', '_'));
}
