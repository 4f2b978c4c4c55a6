import { parseArgs } from 'node:util';
import { DeploymentError } from './deployment-error.ts';

/** A deployment or removal of all services. */
export interface CommandLine {
  readonly command: 'deploy' | 'remove';
  readonly stage: string;
  readonly profile?: string;
  /** Options for the deployment tool. */
  readonly options: readonly string[];
}

/** Removing this stage takes `--yes`. */
const GUARDED_STAGE = 'prod';

/** Reads the command line: `deploy` or `remove`, and options. @throws {DeploymentError} */
export function readCommandLine([command, ...given]: readonly string[]): CommandLine {
  if (command !== 'deploy' && command !== 'remove') {
    throw new DeploymentError(`the command must be "deploy" or "remove", not "${command ?? ''}"`);
  }
  const { values, positionals } = parseArgs({
    args: [...given],
    options: {
      stage: { type: 'string', short: 's', default: 'dev' },
      'aws-profile': { type: 'string' },
      yes: { type: 'boolean', default: false },
      // Declared so that `--param name=value` counts as one option; it is passed on unchanged.
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
      `"${stray}" is not an option; options look like: npm run ${command} -- --stage dev --param system-name=baton`,
    );
  }
  if (typeof stage !== 'string') throw new DeploymentError('--stage needs a name, such as dev');
  if (command === 'remove' && stage === GUARDED_STAGE && yes !== true) {
    throw new DeploymentError(
      `this would remove stage ${stage} with all plugins; add --yes if you mean it (table and bucket stay: docs/deploy.md)`,
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
