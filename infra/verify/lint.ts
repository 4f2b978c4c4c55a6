import path from 'node:path';
import { run } from './command.ts';

/** Rules of cfn-lint that are ignored, with the reason. */
const IGNORED_RULES: Readonly<Record<string, string>> = {
  W3005:
    'osls writes a DependsOn beside each reference to a role, an integration or a log group: superfluous, but we cannot leave it out',
};

/** @throws with cfn-lint's findings: errors and warnings */
export async function lint(python: string, templates: readonly string[]): Promise<string[]> {
  const ignored = Object.keys(IGNORED_RULES);
  const output = await run(
    path.join(path.dirname(python), 'cfn-lint'),
    [
      ...['--regions', 'us-east-1', '--format', 'parseable'],
      ...['--ignore-checks', ...ignored, '--template', ...templates],
    ],
    { seconds: 600, exitCodes: [0, 2, 4, 6, 8, 10, 12, 14] },
  );
  if (output.trim() !== '') throw new Error(output.trim());
  return [
    `${templates.length} templates without a finding`,
    ...Object.entries(IGNORED_RULES).map(([rule, reason]) => `${rule} is ignored: ${reason}`),
  ];
}
