import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { BundleRow } from './bundles.ts';
import { charts } from './charts.ts';
import type { Cost } from './cost.ts';
import type { Decisions } from './decisions.ts';
import type { Fairness } from './fairness.ts';
import type { GrowthRow } from './growth.ts';
import type { Latency } from './latency.ts';
import type { LongList } from './long-list.ts';
import { page } from './page.ts';
import type { Throughput } from './throughput.ts';
import type { Tree } from './tree.ts';
import type { WindowsMeasured } from './windows.ts';
import type { Wishes } from './wishes.ts';

const DOCS = new URL('../docs/', import.meta.url);
const JSON_FILE = new URL('performance.json', DOCS);

/** Where and when something was measured. */
export interface Conditions {
  readonly measuredOn: string;
  readonly commit: string;
  readonly quick: boolean;
  readonly machine: string;
  readonly node: string;
  /** Of the minute before: how many processes wanted a processor, this bench's own included. */
  readonly loadAverage: number;
}

/** What `docs/performance.json` holds; each part has conditions of its own, since `--only` measures some of them. */
export interface Results {
  readonly cost?: Conditions & Cost;
  readonly windows?: Conditions & WindowsMeasured;
  readonly latency?: Conditions & Latency;
  readonly throughput?: Conditions & Throughput & { readonly decisions: Decisions };
  readonly bundles?: Conditions & { readonly rows: readonly BundleRow[] };
  readonly growth?: Conditions & { readonly rows: readonly GrowthRow[] };
  readonly wishes?: Conditions & Wishes;
  readonly tree?: Conditions & Tree;
  readonly list?: Conditions & LongList;
  readonly fairness?: Conditions & Fairness;
}

export function conditions(quick: boolean): Conditions {
  const processors = cpus();
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: DOCS });
  return {
    measuredOn: new Date().toISOString().slice(0, 10),
    commit: commit.toString().trim(),
    quick,
    machine: `${processors.length} × ${processors[0]?.model ?? 'unknown'}, ${process.platform}`,
    node: process.version,
    loadAverage: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

export async function readResults(): Promise<Results> {
  try {
    return JSON.parse(await readFile(JSON_FILE, 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Writes the results as JSON, and draws the page and its charts from them. */
export async function writeResults(results: Results): Promise<void> {
  await writeFile(JSON_FILE, `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile(new URL('performance.md', DOCS), page(results));
  await mkdir(fileURLToPath(new URL('charts/', DOCS)), { recursive: true });
  for (const [name, svg] of charts(results)) {
    await writeFile(new URL(`charts/${name}.svg`, DOCS), svg);
  }
}
