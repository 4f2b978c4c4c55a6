import { NamedScale } from '../elements/scale.tsx';
import type { PluginStatus } from '../messages.ts';
import { gaugeText, oldestText } from './gauge-text.ts';

/** How a plugin is right now. */
export function Gauges({ plugin }: { readonly plugin: PluginStatus }) {
  const { queued, inFlight } = plugin;
  return (
    <ul class="counters" aria-label="Figures">
      <Figure name="Tasks in its queue" value={gaugeText(queued)} />
      <Figure name="Tasks at work" value={gaugeText(inFlight)} />
      <Figure name="The oldest waits for" value={oldestText(plugin)} />
      <li class="figure">
        <NamedScale plugin={plugin} />
      </li>
    </ul>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <li class="figure">
      <span class="counter-value">{value}</span>
      <span class="counter-name">{name}</span>
    </li>
  );
}
