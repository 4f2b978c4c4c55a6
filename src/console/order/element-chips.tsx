import type { SentTask } from '../messages.ts';
import { taskStatusWords } from '../words/status-words.ts';

/** The tasks of a list, one small box each, by their places in the list. */
export function ElementChips({
  elements,
  chosen,
  choose,
}: {
  readonly elements: readonly SentTask[];
  readonly chosen: string;
  readonly choose: (job: string) => void;
}) {
  return (
    <ul class="elements" aria-label="The elements of the list">
      {elements.map(({ job, element, status }) => {
        const { sign, word, tone } = taskStatusWords(status);
        return (
          <li key={job}>
            <button
              type="button"
              class={tone}
              aria-pressed={job === chosen}
              aria-label={`element ${element}: ${word}`}
              title={`${job}: ${word}`}
              onClick={() => choose(job)}
            >
              {status === 'completed' ? element : sign}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
