import type { CommandLine } from './command-line.ts';
import { DeploymentError } from './deployment-error.ts';

const CORE = '.';

/** Runs a command of the deployment tool in a folder. @returns whether it succeeded */
export type Run = (folder: string, args: readonly string[]) => Promise<boolean>;

/**
 * Runs the command for one service after another, since the stacks share Lambda's few control calls a second. The core is deployed first
 * and removed last, since plugins look it up and register with it. The first failure ends the run.
 * @throws {DeploymentError} with the service that failed and those that were not tried
 */
export async function runInOrder(
  { command, stage, options }: CommandLine,
  plugins: readonly string[],
  run: Run,
  print: (line: string) => void,
): Promise<void> {
  const deployed = [CORE, ...[...plugins].sort()];
  const folders = command === 'deploy' ? deployed : deployed.reverse();
  const done = command === 'deploy' ? 'deployed' : 'removed';
  for (const [index, folder] of folders.entries()) {
    print(`\n${nameOf(folder)} (${index + 1} of ${folders.length}): ${command}, stage ${stage}`);
    if (await run(folder, [command, ...options])) continue;
    const before = folders.slice(0, index).map(nameOf).join(', ') || 'nothing';
    const after = folders
      .slice(index + 1)
      .map(nameOf)
      .join(', ');
    const untried = after === '' ? '' : `, not tried: ${after}`;
    throw new DeploymentError(
      `${nameOf(folder)} was not ${done}: the reason is above. ${done}: ${before}${untried}. Mend it and run the same command again`,
    );
  }
  print(`\n${folders.map(nameOf).join(', ')}: ${done}, stage ${stage}`);
}

function nameOf(folder: string): string {
  return folder === CORE ? 'core' : folder;
}
