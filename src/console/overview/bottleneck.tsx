import { Age } from '../elements/age.tsx';
import { PluginLink } from '../elements/plugin-link.tsx';
import type { SystemStatus } from '../messages.ts';
import { bottleneckWords } from '../words/bottleneck-words.ts';

/** Which plugin limits the system, why, when it will be over, and what to do. */
export function Bottleneck({ status }: { readonly status: SystemStatus }) {
  const words = bottleneckWords(status);
  if (words === undefined) return null;
  const { text, advice, plugin, since } = words;
  return (
    <section class="card warn-edge" aria-label="Bottleneck">
      <h2>
        The bottleneck is <PluginLink name={plugin} />
      </h2>
      <p>
        {text}
        {since !== undefined && (
          <>
            {' '}
            It began <Age at={since} />.
          </>
        )}
      </p>
      <p class="dim">{advice}</p>
    </section>
  );
}
