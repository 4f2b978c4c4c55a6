import type { Order } from '../messages.ts';
import { type Bar, type Spent, verdictOf, waterfallOf } from '../picture/bars.ts';
import { now } from '../reading/clock.ts';
import { durationText } from '../words/durations.ts';
import { hasEnded } from '../words/status-words.ts';

const SPENT: Readonly<Record<Spent, string>> = {
  queue: 'in the queue',
  work: 'at work',
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
  // An order that has ended does not change with the clock.
  const waterfall = waterfallOf(order, hasEnded(order) ? 0 : now.value);
  const { rows, totalMs } = waterfall;
  if (rows.length === 0) return <p class="dim">No task has begun yet.</p>;
  const spent = new Set(rows.flatMap(({ bars }) => bars.map((bar) => bar.spent)));
  const verdict = verdictOf(waterfall);
  return (
    <>
      <ol class="waterfall">
        {rows.map(({ job, bars, queueMs, workMs }, index) => (
          <li key={index}>
            <button type="button" aria-pressed={job === chosen} onClick={() => choose(job)}>
              <span class="waterfall-name">{job}</span>
              <span class="waterfall-line">
                {bars.map((bar) => (
                  <span
                    key={`${bar.attempt}${bar.spent}`}
                    class={`part ${bar.spent}`}
                    style={{ left: `${bar.left * 100}%`, width: `max(3px, ${bar.width * 100}%)` }}
                    title={titleOf(bar)}
                  />
                ))}
              </span>
              <span class="waterfall-time">{durationText(queueMs + workMs)}</span>
            </button>
          </li>
        ))}
      </ol>
      <p class="legend dim">
        {[...spent].map((one) => (
          <span key={one}>
            <i class={`part ${one}`} /> {SPENT[one]}
          </span>
        ))}
        <span>{durationText(totalMs)} in all</span>
      </p>
      {verdict && <p>{verdict}</p>}
    </>
  );
}

function titleOf({ attempt, spent, ms }: Bar): string {
  return `attempt ${attempt}: ${durationText(ms)} ${SPENT[spent]}`;
}
