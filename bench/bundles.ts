import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { loadService } from '../infra/local/services/load-service.ts';
import { quantile } from './quantile.ts';

export interface BundleRow {
  readonly name: string;
  readonly kilobytes: number;
  /** Milliseconds of processor time that importing it takes, Node's own start apart. */
  readonly loadMs: number;
}

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));

/** What esbuild takes of the settings that a service gives serverless-esbuild. */
const SETTINGS = ['alias', 'banner', 'define', 'format', 'mainFields', 'target'] as const;

/** What a function needs to load. */
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  BATON_TABLE_NAME: 'table',
  BATON_ORCHESTRATOR_QUEUE_URL: 'http://queue/orchestrator',
  BATON_TASKS_TOPIC_ARN: 'arn:aws:sns:us-east-1:1:tasks',
  BATON_LIFECYCLE_TOPIC_ARN: 'arn:aws:sns:us-east-1:1:lifecycle',
  BATON_BUCKET_NAME: 'bucket',
};

const BUNDLES = [
  { name: 'a plugin (arithmetic)', folder: 'plugins/arithmetic', file: 'handler.ts' },
  { name: 'orchestrate', folder: '.', file: 'src/handlers/orchestrate.ts' },
  { name: 'ingest', folder: '.', file: 'src/handlers/ingest.ts' },
  { name: 'sweep', folder: '.', file: 'src/handlers/sweep.ts' },
];

/** Prints the milliseconds of processor time of an import. */
const IMPORT = `
  const before = process.cpuUsage();
  await import(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1000);
  process.exit();`;

export async function measureBundles(quick: boolean): Promise<readonly BundleRow[]> {
  mkdirSync(join(REPOSITORY, '.baton'), { recursive: true });
  const folder = mkdtempSync(join(REPOSITORY, '.baton', 'bundles-'));
  try {
    const rows: BundleRow[] = [];
    for (const bundle of BUNDLES) {
      const outfile = join(folder, `${rows.length}.mjs`);
      const kilobytes = await bundleInto(outfile, bundle.folder, bundle.file);
      const times: number[] = [];
      for (let run = 0; run < (quick ? 3 : 9); run += 1) times.push(await loadMs(outfile));
      rows.push({ name: bundle.name, kilobytes, loadMs: quantile(times, 0.5) });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundleInto(outfile: string, folder: string, file: string): Promise<number> {
  const service = join(REPOSITORY, folder);
  const { esbuild } = await loadService(service, { params: {}, region: 'us-east-1' });
  const settings = Object.fromEntries(
    SETTINGS.flatMap((name) => (esbuild[name] === undefined ? [] : [[name, esbuild[name]]])),
  );
  const { alias } = settings as { alias?: Record<string, string> };
  const { metafile } = await build({
    ...settings,
    alias: { 'batonflow/sdk': join(REPOSITORY, 'src/sdk/index.ts'), ...alias },
    absWorkingDir: service,
    entryPoints: [file],
    ...{ bundle: true, minify: true, platform: 'node', metafile: true, outfile },
  });
  return Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0) / 1024;
}

async function loadMs(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', IMPORT, file],
    { env: { ...process.env, ...ENVIRONMENT } },
  );
  return Number(stdout);
}
