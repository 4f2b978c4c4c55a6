import type { PluginStatus } from '../messages.ts';
import { numberText } from '../words/numbers.ts';

/** The instances of a plugin between nothing and its ceiling, with how many may run now. */
export function Scale({
  plugin,
}: {
  readonly plugin: Pick<PluginStatus, 'instances' | 'concurrency'>;
}) {
  const { instances, concurrency } = plugin;
  const { base, now, ceiling } = concurrency;
  const share = (value: number) => `${Math.min(100, (100 * value) / ceiling)}%`;
  const running = instances === undefined ? 'unknown' : numberText(instances);
  return (
    <span class="scale" title={`base ${base}, now up to ${now}, ceiling ${ceiling}`}>
      <span class="scale-line" aria-hidden="true">
        <span class="scale-allowed" style={{ width: share(now) }} />
        <span class="scale-running" style={{ width: share(instances ?? 0) }} />
        <span class="scale-base" style={{ left: share(base) }} />
      </span>
      <span class="scale-text">
        {running} of {now}
        {ceiling > now ? `, ceiling ${ceiling}` : ' instances'}
      </span>
    </span>
  );
}
