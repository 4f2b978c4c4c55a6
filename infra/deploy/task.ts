import { parseArgs } from 'node:util';
import { DeploymentError } from './deployment-error.ts';

export interface Task {
  readonly command: 'deploy' | 'remove';
  readonly stage: string;
  readonly profile?: string;
  /** What the deployment tool gets. */
  readonly options: readonly string[];
}

const CORE = '.';

/** What is there for good: removing it takes a second word. */
const GUARDED_STAGE = 'prod';

/** The command line: `deploy` or `remove`, and options. @throws {DeploymentError} */
export function readTask([command, ...given]: readonly string[]): Task {
  if (command !== 'deploy' && command !== 'remove') {
    throw new DeploymentError(`it is "deploy" or "remove", not "${command ?? ''}"`);
  }
  const { values, positionals } = parseArgs({
    args: [...given],
    options: {
      stage: { type: 'string', short: 's', default: 'dev' },
      'aws-profile': { type: 'string' },
      yes: { type: 'boolean', default: false },
      // Two words as well as one with "=": they are passed on as they came.
      param: { type: 'string', multiple: true },
      region: { type: 'string', short: 'r' },
    },
    strict: false,
    allowPositionals: true,
  });
  const { stage: named, yes, 'aws-profile': profile } = values;
  // `-s=prod` is "=prod" to Node, and "prod" to the tool.
  const stage = typeof named === 'string' ? named.replace(/^=/, '') : named;
  const [stray] = positionals;
  if (stray !== undefined) {
    throw new DeploymentError(
      `"${stray}" is no option; they read like: npm run ${command} -- --stage dev --param system-name=baton`,
    );
  }
  if (typeof stage !== 'string') throw new DeploymentError('--stage needs a name, such as dev');
  if (command === 'remove' && stage === GUARDED_STAGE && yes !== true) {
    throw new DeploymentError(
      `this would remove stage ${stage} with all plugins; say --yes to mean it (table and bucket stay: docs/deploy.md)`,
    );
  }
  const passed = given.filter((option) => option !== '--yes');
  const isNamed = passed.some((option) => /^(--stage|-s)(=|$)/.test(option));
  return {
    command,
    stage,
    ...(typeof profile === 'string' && { profile }),
    options: isNamed ? passed : [...passed, '--stage', stage],
  };
}

/** Runs a command of the deployment tool in a folder. @returns whether it succeeded. */
export type Run = (folder: string, args: readonly string[]) => Promise<boolean>;

/**
 * The core first, since plugins look it up and register with it; for removal last. One after another: the stacks share Lambda's
 * few control calls a second, and a first failure should be the only one.
 *
 * @throws {DeploymentError} that names the service that failed and those that were not tried.
 */
export async function runInOrder(
  { command, stage, options }: Task,
  plugins: readonly string[],
  run: Run,
  say: (line: string) => void,
): Promise<void> {
  const deployed = [CORE, ...[...plugins].sort()];
  const folders = command === 'deploy' ? deployed : deployed.reverse();
  const done = command === 'deploy' ? 'deployed' : 'removed';
  for (const [index, folder] of folders.entries()) {
    say(`\n${nameOf(folder)} (${index + 1} of ${folders.length}): ${command}, stage ${stage}`);
    if (await run(folder, [command, ...options])) continue;
    const before = folders.slice(0, index).map(nameOf).join(', ') || 'nothing';
    const after = folders
      .slice(index + 1)
      .map(nameOf)
      .join(', ');
    const untried = after === '' ? '' : `, not tried: ${after}`;
    throw new DeploymentError(
      `${nameOf(folder)} was not ${done}: the reason stands above. ${done}: ${before}${untried}. Once it is mended, run the same again`,
    );
  }
  say(`\n${folders.map(nameOf).join(', ')}: ${done}, stage ${stage}`);
}

function nameOf(folder: string): string {
  return folder === CORE ? 'core' : folder;
}
