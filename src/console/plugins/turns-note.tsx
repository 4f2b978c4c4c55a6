import type { PluginStatus } from '../messages.ts';
import { countText } from '../words/numbers.ts';

/** Whose tasks wait, since the plugin takes so many of one client at once. */
export function TurnsNote({
  turns: { perClient, waiting },
}: {
  readonly turns: NonNullable<PluginStatus['turns']>;
}) {
  if (waiting.length === 0) return null;
  return (
    <div class="note" role="status">
      <p>
        It takes {countText(perClient, 'task')} of one client at once; the others wait for their
        turn.
      </p>
      <ul>
        {waiting.map(({ client, tasks, waiting: tasksWaiting }) => (
          <li key={client}>
            {client}: {countText(tasks, 'task')} here, {countText(tasksWaiting, 'task')} waiting
          </li>
        ))}
      </ul>
    </div>
  );
}
