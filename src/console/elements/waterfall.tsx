import { useState } from 'preact/hooks';
import type { Order } from '../messages.ts';
import { type Bar, type Row, type Spent, verdictOf, waterfallOf } from '../picture/bars.ts';
import { type Fold, foldRows, isFold } from '../picture/fold-rows.ts';
import { now } from '../reading/clock.ts';
import { durationText } from '../words/durations.ts';
import { hasEnded } from '../words/status-words.ts';

const SPENT: Readonly<Record<Spent, string>> = {
  queue: 'in the queue',
  work: 'at work',
  answer: 'until the callback or the event',
  failed: 'at work, then failed',
  pause: 'pause before the next attempt',
  unknown: 'in the queue and at work',
};

/** One line a task: pale in the queue, solid at work, hatched where an attempt failed, dotted between attempts. */
export function Waterfall({
  order,
  chosen,
  choose,
}: {
  readonly order: Order;
  readonly chosen?: string | undefined;
  readonly choose: (job: string) => void;
}) {
  const [opened, setOpened] = useState<string | undefined>();
  // An order that has ended does not change with the clock.
  const waterfall = waterfallOf(order, hasEnded(order) ? 0 : now.value);
  const { rows, totalMs } = waterfall;
  if (rows.length === 0) return <p class="dim">No task has begun yet.</p>;
  const spent = new Set(rows.flatMap(({ bars }) => bars.map((bar) => bar.spent)));
  const verdict = verdictOf(waterfall);
  const lines = foldRows(rows, opened, chosen);
  return (
    <>
      <ol class="waterfall">
        {lines.map((line) =>
          isFold(line) ? (
            <li key={line.listId}>
              <FoldLine
                fold={line}
                totalMs={totalMs}
                isOpen={line.listId === opened}
                toggle={() => setOpened(line.listId === opened ? undefined : line.listId)}
              />
            </li>
          ) : (
            <li key={line.job}>
              <RowLine row={line} isChosen={line.job === chosen} choose={choose} />
            </li>
          ),
        )}
      </ol>
      <p class="legend dim">
        {[...spent].map((one) => (
          <span key={one}>
            <i class={`part ${one}`} /> {SPENT[one]}
          </span>
        ))}
        {lines.some(isFold) && (
          <span>
            <i class="part span" /> from the first to the last of a list
          </span>
        )}
        <span>{durationText(totalMs)} in all</span>
      </p>
      {verdict && <p>{verdict}</p>}
    </>
  );
}

function RowLine({
  row: { job, bars, queueMs, workMs, answerMs },
  isChosen,
  choose,
}: {
  readonly row: Row;
  readonly isChosen: boolean;
  readonly choose: (job: string) => void;
}) {
  return (
    <button type="button" aria-pressed={isChosen} onClick={() => choose(job)}>
      <span class="waterfall-name">{job}</span>
      <span class="waterfall-line">
        {bars.map((bar) => (
          <span
            key={`${bar.attempt}${bar.spent}`}
            class={`part ${bar.spent}`}
            style={placeOf(bar)}
            title={titleOf(bar)}
          />
        ))}
      </span>
      <span class="waterfall-time">{durationText(queueMs + workMs + answerMs)}</span>
    </button>
  );
}

/** A list in one line. */
function FoldLine({
  fold,
  totalMs,
  isOpen,
  toggle,
}: {
  readonly fold: Fold;
  readonly totalMs: number;
  readonly isOpen: boolean;
  readonly toggle: () => void;
}) {
  const { plugin, rows, width } = fold;
  return (
    <button type="button" class="fold" aria-expanded={isOpen} onClick={toggle}>
      <span class="waterfall-name">
        {plugin} × {rows.length}
      </span>
      <span class="waterfall-line">
        <span
          class="part span"
          style={placeOf(fold)}
          title={`${rows.length} tasks, from the first to the last`}
        />
      </span>
      <span class="waterfall-time">{durationText(width * totalMs)}</span>
    </button>
  );
}

function placeOf({ left, width }: Pick<Bar, 'left' | 'width'>) {
  return { left: `${left * 100}%`, width: `max(3px, ${width * 100}%)` };
}

function titleOf({ attempt, spent, ms }: Bar): string {
  return `attempt ${attempt}: ${durationText(ms)} ${SPENT[spent]}`;
}
