import { Scale } from '../elements/scale.tsx';
import { Status } from '../elements/status.tsx';
import type { PluginStatus } from '../messages.ts';
import { to } from '../router.ts';
import { countText } from '../words/numbers.ts';
import { gaugeText, oldestText } from './gauge-text.ts';
import { healthWords } from './health-words.ts';

export function PluginTable({ plugins }: { readonly plugins: readonly PluginStatus[] }) {
  return (
    <table>
      <caption class="hidden">Plugins, the one in trouble first</caption>
      <thead>
        <tr>
          <th scope="col">Plugin</th>
          <th scope="col">Health</th>
          <th scope="col" class="number">
            Queue
          </th>
          <th scope="col" class="number wide">
            At work
          </th>
          <th scope="col" class="number wide">
            Oldest
          </th>
          <th scope="col" class="wide">
            Instances
          </th>
        </tr>
      </thead>
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

function Parked({ plugin: { quarantine } }: { readonly plugin: PluginStatus }) {
  if (quarantine === undefined || quarantine.parked === 0) return null;
  return <span class="why">{countText(quarantine.parked, 'task')} parked</span>;
}
