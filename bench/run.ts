/** `npm run bench`: measures, prints, and redraws docs/performance.md. See there what is measured, and under which conditions. */
import { Command, Option } from 'commander';
import { type Cost, measureCost } from './cost.ts';
import { conditions, type Results, readResults, writeResults } from './results.ts';
import { costTable } from './tables.ts';

const PARTS = ['cost'] as const;

const { only, quick, param, write } = new Command('npm run bench --')
  .description('Measures what Baton costs and how fast it is, on embedded AWS services.')
  .addOption(new Option('--only <part...>', 'parts to measure').choices(PARTS))
  .option('--quick', 'few orders and few cases: minutes become one, and numbers rougher', false)
  .option('--param <name=value...>', 'parameters of the core, such as lifecycle=none', [])
  .option('--no-write', 'print only; docs/performance.md stays as it is')
  .parse()
  .opts<{ only?: string[]; quick: boolean; param: string[]; write: boolean }>();

const parts = only ?? PARTS;
const params = Object.fromEntries(param.map((one) => one.split('=', 2) as [string, string]));
const say = (line: string) => console.error(line);

const measured: { -readonly [Part in keyof Results]?: Results[Part] } = {};
if (parts.includes('cost')) {
  const cost: Cost = await measureCost({ quick, params, say });
  measured.cost = { ...conditions(quick), ...cost };
  console.log(costTable(cost));
}
if (write) await writeResults({ ...(await readResults()), ...measured });
