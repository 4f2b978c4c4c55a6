import type { SentTask } from '../messages.ts';
import { elementsText, placeInList } from '../picture/lists.ts';
import { taskStatusWords } from '../words/status-words.ts';

/** The tasks of a list, one small box each, by the places of their elements. */
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
      {elements.map((task) => {
        const { job, status } = task;
        const { sign, word, tone } = taskStatusWords(status);
        return (
          <li key={job}>
            <button
              type="button"
              class={tone}
              aria-pressed={job === chosen}
              aria-label={`${elementsText(task)}: ${word}`}
              title={`${job}: ${word}`}
              onClick={() => choose(job)}
            >
              {status === 'completed' ? placeInList(task) : sign}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
