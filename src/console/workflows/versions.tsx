import { useState } from 'preact/hooks';
import { Age } from '../elements/age.tsx';
import { Loading } from '../elements/loading.tsx';
import { Problem } from '../elements/problem.tsx';
import { useAsking } from '../elements/use-asking.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { countText, estimateText } from '../words/numbers.ts';
import { ACTIVE } from '../words/status-words.ts';
import { definitionText } from './definition-text.ts';
import { type Line, lineDiff } from './line-diff.ts';

/** How many orders have a version: `2 active orders`, `about 300 active orders`. */
function activeText(active: number, isEstimate: boolean): string {
  if (!isEstimate) return countText(active, 'active order');
  return active === 0
    ? 'active orders: too few to see in a sample'
    : `${estimateText(active, true)} active orders`;
}

/** Each version: when it was stored, by whom, and how many orders still run on it; and what the next one changed. */
export function Versions({
  name,
  version: latest,
}: {
  readonly name: string;
  readonly version: number;
}) {
  const versions = usePolled(`versions ${name} ${latest}`, (signal) => api.versions(name, signal));
  const [diff, setDiff] = useState<{ readonly version: number; readonly lines: readonly Line[] }>();
  const { error, ask } = useAsking();
  if (versions.value === undefined) return <Loading of={versions} />;

  const compare = (version: number) =>
    ask(async () => {
      const [before, after] = await Promise.all([
        api.workflow(name, version - 1),
        api.workflow(name, version),
      ]);
      setDiff({ version, lines: lineDiff(definitionText(before), definitionText(after)) });
    });

  return (
    <section class="card">
      <h2>Versions</h2>
      <ul class="lines">
        {versions.value.versions.map(({ version, storedAt, storedBy, active }) => (
          <li key={version}>
            <span>
              <strong>{version}</strong>{' '}
              <span class="dim">
                {storedAt !== undefined && (
                  <>
                    stored <Age at={storedAt} />
                  </>
                )}
                {storedBy !== undefined && ` by ${storedBy}`}
              </span>
            </span>
            <span class="buttons">
              <a href={to('/orders', { status: ACTIVE, workflow: name, version: String(version) })}>
                {activeText(active, versions.value?.approximate === true)}
              </a>
              {version > 1 && (
                <button type="button" class="quiet" onClick={() => void compare(version)}>
                  What it changed
                </button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {error !== undefined && <Problem error={error} asked="toSee" />}
      {diff && (
        <>
          <h3>What version {diff.version} changed</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
          <pre class="text diff" tabIndex={0}>
            {diff.lines.map(({ sign, text }, index) => (
              <span key={index} class={sign === '+' ? 'good' : sign === '-' ? 'bad' : 'dim'}>
                {sign} {text}
                {'\n'}
              </span>
            ))}
          </pre>
        </>
      )}
    </section>
  );
}
