import { Age } from '../elements/age.tsx';
import { Empty } from '../elements/empty.tsx';
import { FailureLines } from '../elements/failure-lines.tsx';
import { Loading, Trouble } from '../elements/loading.tsx';
import type { SystemStatus } from '../messages.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { bottleneckWords, headline } from '../words/bottleneck-words.ts';
import { failureGroups } from '../words/failures.ts';
import { countText, numberText } from '../words/numbers.ts';
import { isListOfPlugins, workflowText } from '../words/workflow-text.ts';

export function OverviewScreen() {
  const status = usePolled('status', api.status);
  if (status.value === undefined) return <Loading of={status} />;
  return (
    <>
      <h1>{headline(status.value)}</h1>
      <Trouble of={status} />
      <Counters status={status.value} />
      <Bottleneck status={status.value} />
      <div class="two">
        <Failures />
        <ByWorkflow status={status.value} />
      </div>
    </>
  );
}

function Counters({ status: { orders, tasks } }: { readonly status: SystemStatus }) {
  const about = orders.approximate === true ? 'about ' : '';
  return (
    <ul class="counters" aria-label="Figures">
      <Counter
        name="Active orders"
        value={about + numberText(orders.active)}
        href={to('/orders', { status: 'running' })}
      />
      <Counter name="Tasks in queues" value={numberText(tasks.queued)} href={to('/plugins')} />
      <Counter name="Tasks at work" value={numberText(tasks.inFlight)} href={to('/plugins')} />
      <Counter
        name="Tasks yet to do"
        value={(tasks.remaining > 0 ? 'about ' : '') + numberText(tasks.remaining)}
        href={to('/plugins')}
      />
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

function Bottleneck({ status }: { readonly status: SystemStatus }) {
  const words = bottleneckWords(status);
  if (words === undefined) return null;
  const { text, advice, plugin, since } = words;
  return (
    <section class="card warn-edge" aria-label="Bottleneck">
      <h2>The bottleneck is {plugin}</h2>
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

function Failures() {
  const failed = usePolled('failed', (signal) =>
    api.orders({ status: 'failed', limit: '100' }, signal),
  );
  const groups = failureGroups(failed.value?.orders ?? []);
  return (
    <section class="card">
      <h2>Latest failures</h2>
      {failed.value === undefined ? (
        <Loading of={failed} />
      ) : groups.length === 0 ? (
        <Empty title="Nothing has failed.">
          <p>An order that fails is listed here, with the plugin that failed it and why.</p>
        </Empty>
      ) : (
        <FailureLines groups={groups} />
      )}
      {failed.value !== undefined && groups.length > 0 && (
        <p class="dim">Of the latest {countText(failed.value.orders.length, 'failed order')}.</p>
      )}
    </section>
  );
}

function ByWorkflow({ status: { orders } }: { readonly status: SystemStatus }) {
  const all = Object.entries(orders.byWorkflow).sort(([, a], [, b]) => b - a);
  return (
    <section class="card">
      <h2>Active by workflow</h2>
      {all.length === 0 ? (
        <Empty title="No order is active.">
          <p>
            Place one: <a href={to('/new')}>New order</a>, or{' '}
            <code>npx baton submit --todo 'A;B' --input 5</code>
          </p>
        </Empty>
      ) : (
        <ul class="lines">
          {all.slice(0, 10).map(([name, count]) => (
            <li key={name}>
              <a
                href={to(
                  '/orders',
                  isListOfPlugins(name) ? { status: 'running' } : { workflow: name },
                )}
              >
                <span class="count">{numberText(count)}</span>
                <span>{workflowText(name)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
