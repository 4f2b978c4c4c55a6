import { Scale } from '../elements/scale.tsx';
import { Status } from '../elements/status.tsx';
import { type Column, TableHead } from '../elements/table-head.tsx';
import type { PluginStatus } from '../messages.ts';
import { to } from '../router.ts';
import { countText } from '../words/numbers.ts';
import { gaugeText, oldestText } from './gauge-text.ts';
import { healthWords } from './health-words.ts';

const COLUMNS: readonly Column[] = [
  ['Plugin'],
  ['Health'],
  ['Queue', 'number'],
  ['At work', 'number wide'],
  ['Oldest', 'number wide'],
  ['Instances', 'wide'],
];

export function PluginTable({ plugins }: { readonly plugins: readonly PluginStatus[] }) {
  return (
    <table>
      <caption class="hidden">Plugins, the one in trouble first</caption>
      <TableHead columns={COLUMNS} />
      <tbody>
        {plugins.map((plugin) => (
          <tr key={plugin.name}>
            <td>
              <a class="row-link" href={to(`/plugins/${plugin.name}`)}>
                {plugin.name}
              </a>
              <Parked plugin={plugin} />
            </td>
            <td>
              <Status words={healthWords(plugin.health)} />
            </td>
            <td class="number">{gaugeText(plugin.queued)}</td>
            <td class="number wide">{gaugeText(plugin.inFlight)}</td>
            <td class="number wide">{oldestText(plugin)}</td>
            <td class="wide">
              <Scale plugin={plugin} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Parked({ plugin: { quarantine, turns } }: { readonly plugin: PluginStatus }) {
  const [first] = turns?.waiting ?? [];
  const isParked = quarantine !== undefined && quarantine.parked > 0;
  return (
    <>
      {isParked && <span class="why">{countText(quarantine.parked, 'task')} parked</span>}
      {first !== undefined && (
        <span class="why">
          {countText(first.waiting, 'task')} of {first.client} in wait for a turn
        </span>
      )}
    </>
  );
}
