import type { PluginStatus } from '../messages.ts';
import { numberText } from '../words/numbers.ts';

interface Instances {
  readonly plugin: Pick<PluginStatus, 'instances' | 'concurrency'>;
}

/** The instances of a plugin between nothing and its ceiling, with how many may run now. */
export function Scale({ plugin }: Instances) {
  const { base, now, ceiling } = plugin.concurrency;
  return (
    <span class="scale" title={`base ${base}, now up to ${now}, ceiling ${ceiling}`}>
      <ScaleLine plugin={plugin} />
      <span class="scale-text">
        {runningText(plugin)} of {now}
        {ceiling > now ? `, ceiling ${ceiling}` : ' instances'}
      </span>
    </span>
  );
}

/** The same, with each of the marks by its name. */
export function NamedScale({ plugin }: Instances) {
  const { base, now, ceiling } = plugin.concurrency;
  return (
    <span class="scale">
      <ScaleLine plugin={plugin} />
      <span class="scale-text">
        Instances: {runningText(plugin)} at work, {now} allowed now
      </span>
      <span class="scale-text">
        base {base}, ceiling {ceiling}
      </span>
    </span>
  );
}

function ScaleLine({ plugin: { instances, concurrency } }: Instances) {
  const { base, now, ceiling } = concurrency;
  const share = (value: number) => `${Math.min(100, (100 * value) / ceiling)}%`;
  return (
    <span class="scale-line" aria-hidden="true">
      <span class="scale-allowed" style={{ width: share(now) }} />
      <span class="scale-running" style={{ width: share(instances ?? 0) }} />
      <span class="scale-base" style={{ left: share(base) }} />
    </span>
  );
}

const runningText = ({ instances }: Instances['plugin']) =>
  instances === undefined ? 'unknown' : numberText(instances);
