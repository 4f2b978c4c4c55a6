import type { Plugin } from '../messages.ts';
import { durationText } from '../words/durations.ts';
import { numberText } from '../words/numbers.ts';

/** What its author has said of it. */
export function Promises({ plugin }: { readonly plugin: Plugin }) {
  const { retry, timeoutSeconds, heartbeatSeconds, totalSeconds, ordered, stateful } = plugin;
  const facts = [
    ['Attempts', numberText(retry.maxAttempts)],
    ['An attempt may take', durationText(timeoutSeconds * 1000)],
    ['All attempts together', durationText(totalSeconds * 1000)],
    ['It says that it works every', heartbeatSeconds && durationText(heartbeatSeconds * 1000)],
    ['One task at a time for each', ordered],
    ['It keeps sessions', stateful && 'yes: drained, it finishes those that are open'],
    [
      'Tasks of one client at once',
      plugin.tasksPerClient === undefined ? undefined : numberText(plugin.tasksPerClient),
    ],
    ['What it did can be undone', plugin.compensates ? 'yes' : 'no'],
  ];
  return (
    <section class="card">
      <h2>What its author says</h2>
      <dl class="facts-list">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
