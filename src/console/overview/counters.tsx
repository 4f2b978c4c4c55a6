import type { SystemStatus } from '../messages.ts';
import { to } from '../router.ts';
import { numberText } from '../words/numbers.ts';
import { ACTIVE } from '../words/status-words.ts';

/** How much there is of everything; each figure leads to what it counts. */
export function Counters({ status: { orders, tasks } }: { readonly status: SystemStatus }) {
  const about = orders.approximate === true ? 'about ' : '';
  return (
    <ul class="counters" aria-label="Figures">
      <Counter
        name="Active orders"
        value={about + numberText(orders.active)}
        href={to('/orders', { status: ACTIVE })}
      />
      <Counter name="Tasks in queues" value={numberText(tasks.queued)} href={to('/plugins')} />
      <Counter name="Tasks at work" value={numberText(tasks.inFlight)} href={to('/plugins')} />
      <Counter
        name="Tasks yet to do"
        value={(tasks.remaining > 0 ? 'about ' : '') + numberText(tasks.remaining)}
        href={to('/plugins')}
      />
      {tasks.parked > 0 && (
        <Counter
          name="Tasks parked"
          value={numberText(tasks.parked)}
          href={to('/plugins')}
          isBad={true}
        />
      )}
      {orders.paused > 0 && (
        <Counter
          name="Paused orders"
          value={(orders.pausedApproximate ? 'about ' : '') + numberText(orders.paused)}
          href={to('/orders', { status: 'paused' })}
        />
      )}
      <Counter
        name="Stuck orders"
        value={numberText(orders.stuck)}
        href={to('/orders', { stuck: 'true' })}
        isBad={orders.stuck > 0}
      />
    </ul>
  );
}

function Counter({
  name,
  value,
  href,
  isBad = false,
}: {
  readonly name: string;
  readonly value: string;
  readonly href: string;
  readonly isBad?: boolean;
}) {
  return (
    <li>
      <a href={href} class={isBad ? 'bad' : undefined}>
        <span class="counter-value">{value}</span>
        <span class="counter-name">{name}</span>
      </a>
    </li>
  );
}
