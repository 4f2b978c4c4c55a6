/** `npm run bench`: measures, prints, and redraws docs/performance.md. See there what is measured, and under which conditions. */
import { Command, Option } from 'commander';
import { measureBundles } from './bundles.ts';
import { measureCost } from './cost.ts';
import { measureDecisions } from './decisions.ts';
import { measureFairness } from './fairness.ts';
import { measureGrowth } from './growth.ts';
import { measureLatency } from './latency.ts';
import { measureLongList } from './long-list.ts';
import { conditions, type Results, readResults, writeResults } from './results.ts';
import {
  bundlesTable,
  costTable,
  fairnessTable,
  growthTable,
  latencyTable,
  longListTable,
  throughputTable,
  treeTable,
  windowsTable,
  wishesTable,
} from './tables.ts';
import { measureThroughput } from './throughput.ts';
import { measureTree } from './tree.ts';
import { measureWindows } from './windows.ts';
import { measureWishes } from './wishes.ts';

const PARTS = [
  'bundles',
  'cost',
  'windows',
  'latency',
  'throughput',
  'growth',
  'wishes',
  'tree',
  'list',
  'fairness',
] as const;

const { only, quick, param, write } = new Command('npm run bench --')
  .description('Measures what Baton costs and how fast it is, on embedded AWS services.')
  .addOption(new Option('--only <part...>', 'parts to measure').choices(PARTS))
  .option(
    '--quick',
    'few orders and few cases: minutes instead of an hour, and numbers rougher',
    false,
  )
  .option(
    '--param <name=value...>',
    'parameters of the core for the cost, as in lifecycle=none',
    [],
  )
  .option('--no-write', 'print only; docs/performance.md stays as it is')
  .parse()
  .opts<{
    only?: (typeof PARTS)[number][];
    quick: boolean;
    param: string[];
    write: boolean;
  }>();

const params = Object.fromEntries(param.map((one) => one.split('=', 2) as [string, string]));
const say = (line: string) => console.error(line);

for (const part of only ?? PARTS) {
  const measured = await measure(part);
  // Part by part, so that an hour's work is not lost with its last minute.
  if (write) await writeResults({ ...(await readResults()), ...measured });
}

async function measure(part: (typeof PARTS)[number]): Promise<Results> {
  switch (part) {
    case 'bundles': {
      const rows = await measureBundles(quick);
      console.log(bundlesTable(rows));
      return { bundles: { ...conditions(quick), rows } };
    }
    case 'cost': {
      const cost = await measureCost({ quick, params, say });
      console.log(costTable(cost));
      return { cost: { ...conditions(quick), ...cost } };
    }
    case 'windows': {
      const windows = await measureWindows(quick, say);
      console.log(windowsTable(windows));
      return { windows: { ...conditions(quick), ...windows } };
    }
    case 'latency': {
      const latency = await measureLatency(quick, say);
      console.log(latencyTable(latency));
      return { latency: { ...conditions(quick), ...latency } };
    }
    case 'throughput': {
      const decisions = measureDecisions(quick);
      const throughput = await measureThroughput(quick, say);
      console.log(throughputTable({ ...throughput, decisions }));
      return { throughput: { ...conditions(quick), ...throughput, decisions } };
    }
    case 'growth': {
      const rows = await measureGrowth(quick, say);
      console.log(growthTable(rows));
      return { growth: { ...conditions(quick), rows } };
    }
    case 'wishes': {
      const wishes = await measureWishes(quick, say);
      console.log(wishesTable(wishes));
      return { wishes: { ...conditions(quick), ...wishes } };
    }
    case 'list': {
      const list = await measureLongList(quick, say);
      console.log(longListTable(list));
      return { list: { ...conditions(quick), ...list } };
    }
    case 'tree': {
      const tree = await measureTree(quick, say);
      console.log(treeTable(tree));
      return { tree: { ...conditions(quick), ...tree } };
    }
    case 'fairness': {
      const fairness = await measureFairness(quick, say);
      console.log(fairnessTable(fairness));
      return { fairness: { ...conditions(quick), ...fairness } };
    }
  }
}
