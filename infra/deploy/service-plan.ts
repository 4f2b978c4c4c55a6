import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';

/** What a deployment will make of a service, as far as its serverless.yml says it without being compiled. */
export interface ServicePlan {
  /** `.` for the core. */
  readonly folder: string;
  readonly stackName: string;
  readonly functions: number;
  /** With the instances that each has to begin with. */
  readonly plugins: readonly { readonly name: string; readonly concurrency: number }[];
  /** Whether it uses a table or a bucket that is there already; the core only. */
  readonly adoptsTable?: boolean;
  readonly adoptsBucket?: boolean;
  /** Instances of the orchestrator; the core's only. */
  readonly orchestrateConcurrency?: number;
}

const DEFAULT_CONCURRENCY = 10;

interface ServiceFile {
  readonly service?: string;
  readonly params?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly functions?: Readonly<Record<string, { readonly baton?: PluginBlock }>>;
}

interface PluginBlock {
  readonly plugin?: string;
  readonly concurrency?: number | { readonly base?: number };
}

/**
 * @param prefix `<system>-<stage>`
 * @param stage whose parameters count beside the default ones
 */
export async function readPlan(
  project: string,
  folder: string,
  prefix: string,
  stage: string,
): Promise<ServicePlan> {
  const text = await readFile(path.join(project, folder, 'serverless.yml'), 'utf8');
  // CloudFormation's own tags do not matter here.
  const file = parseDocument(text, { logLevel: 'silent' }).toJS() as ServiceFile;
  const functions = Object.entries(file.functions ?? {});
  const params = { ...file.params?.default, ...file.params?.[stage] };
  const most = Number(params['orchestrate-concurrency']);
  return {
    folder,
    stackName: folder === '.' ? prefix : `${prefix}-${file.service}`,
    functions: functions.length,
    plugins: functions.flatMap(([key, { baton }]) =>
      baton === undefined ? [] : [{ name: baton.plugin ?? key, concurrency: baseOf(baton) }],
    ),
    ...(Number.isNaN(most) ? {} : { orchestrateConcurrency: most }),
    ...(params['existing-table'] ? { adoptsTable: true } : {}),
    ...(params['existing-bucket'] ? { adoptsBucket: true } : {}),
  };
}

export function orchestrateConcurrency(plans: readonly ServicePlan[]): number {
  return plans.reduce((sum, plan) => sum + (plan.orchestrateConcurrency ?? 0), 0);
}

function baseOf({ concurrency = DEFAULT_CONCURRENCY }: PluginBlock): number {
  return typeof concurrency === 'number' ? concurrency : (concurrency.base ?? DEFAULT_CONCURRENCY);
}
