import { countsText } from '../picture/lists.ts';
import type { Column, Node } from '../picture/node.ts';
import { taskStatusWords } from '../words/status-words.ts';
import { activityText } from '../words/workflow-text.ts';

interface Choice {
  readonly chosen?: string | undefined;
  readonly choose?: (job: string) => void;
}

/**
 * A workflow or an order from left to right, drawn by a grid: a list of columns, each a list of what runs at once, so that a screen
 * reader reads what the eye sees.
 */
export function Picture({
  columns,
  label,
  ...choice
}: { readonly columns: readonly Column[]; readonly label: string } & Choice) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
    <ol class="path" aria-label={label} tabIndex={0}>
      {columns.map(({ id, activity, stage, nodes }, index) => (
        <li key={id}>
          <span class="path-activity">
            {columns[index - 1]?.activity === activity ? '\u00a0' : activityText(activity)}
          </span>
          <ul aria-label={nodes.length > 1 ? `${stage}: at the same time` : stage}>
            {nodes.map((node) => (
              <li key={node.id}>
                <PictureNode node={node} {...choice} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

function PictureNode({ node, chosen, choose }: { readonly node: Node } & Choice) {
  const { label, status, job, attempts, note, list } = node;
  const words = status === undefined ? undefined : taskStatusWords(status);
  const content = (
    <>
      <span class="node-name">{label}</span>
      {words && (
        <span class="node-status">
          <span aria-hidden="true">{words.sign}</span> {words.word}
          {attempts !== undefined && attempts > 1 && ` (attempt ${attempts})`}
        </span>
      )}
      {list && (
        <>
          <span class="shares" aria-hidden="true">
            {list.counts.map(([one, count]) => (
              <i key={one} class={taskStatusWords(one).tone} style={{ flexGrow: String(count) }} />
            ))}
          </span>
          <span class="node-note">{countsText(list)}</span>
        </>
      )}
      {note && <span class="node-note">{note}</span>}
    </>
  );
  const look = `node ${words?.tone ?? 'dim'} ${status ?? 'plain'}`;
  if (job === undefined || choose === undefined) {
    return (
      <div class={look} title={note}>
        {content}
      </div>
    );
  }
  return (
    <button
      type="button"
      class={look}
      aria-pressed={chosen === job || list?.jobs.has(chosen ?? '') === true}
      onClick={() => choose(job)}
    >
      {content}
    </button>
  );
}
