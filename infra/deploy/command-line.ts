import { parseArgs } from 'node:util';
import { reasonAgainstNames } from '../core/system-name.ts';
import { isThrowAway } from '../core/throw-away.ts';
import { DeploymentError } from './deployment-error.ts';

/** A deployment or removal of all services. */
export interface CommandLine {
  readonly command: 'deploy' | 'remove';
  readonly stage: string;
  readonly system: string;
  /** Somebody has to say first that they mean it. */
  readonly toConfirm: boolean;
  readonly profile?: string;
  readonly region?: string;
  /** The names of the parameters that are given. */
  readonly parameters: readonly string[];
  /** Options for the deployment tool. */
  readonly options: readonly string[];
}

/** Says to the core's Serverless plugin that the removal has been confirmed. */
const CONFIRMED = ['--param', 'confirmed=true'];

const DEFAULT_SYSTEM = 'baton';

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
  const system = paramOf(values.param, 'system-name') ?? DEFAULT_SYSTEM;
  const reason = reasonAgainstNames(system, stage);
  if (reason !== undefined) throw new DeploymentError(reason);
  const guarded = command === 'remove' && !isThrowAway(stage, paramOf(values.param, 'throw-away'));
  const passed = given.filter((option) => option !== '--yes');
  const isNamed = passed.some((option) => /^(--stage|-s)(=|$)/.test(option));
  return {
    command,
    stage,
    system,
    toConfirm: guarded && yes !== true,
    parameters: givenIn(values.param).map((one) => one.replace(/=.*$/s, '')),
    ...(typeof profile === 'string' && { profile }),
    ...(typeof values.region === 'string' && { region: values.region.replace(/^=/, '') }),
    options: [...passed, ...(isNamed ? [] : ['--stage', stage]), ...(guarded ? CONFIRMED : [])],
  };
}

/** The value of a parameter that is given as `--param name=value`. */
function paramOf(params: unknown, name: string): string | undefined {
  return givenIn(params)
    .find((one) => one.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

function givenIn(params: unknown): readonly string[] {
  return Array.isArray(params) ? params.map(String) : [];
}
