import { Age } from '../elements/age.tsx';
import { Empty } from '../elements/empty.tsx';
import { Loading, Trouble } from '../elements/loading.tsx';
import { Scale } from '../elements/scale.tsx';
import { Status } from '../elements/status.tsx';
import type { Plugin, PluginStatus } from '../messages.ts';
import { healthWords } from '../plugins/health-words.ts';
import { membershipsOf } from '../plugins/members.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { bottleneckWords } from '../words/bottleneck-words.ts';
import { durationText } from '../words/durations.ts';
import { numberText } from '../words/numbers.ts';

export function PluginsScreen() {
  const status = usePolled('status', api.status);
  if (status.value === undefined) return <Loading of={status} />;
  const { plugins } = status.value;
  // The one in trouble first, then the longest queue.
  const sorted = plugins.toSorted(
    (a, b) =>
      Number(b.health === 'bottleneck') - Number(a.health === 'bottleneck') ||
      (b.queued ?? 0) - (a.queued ?? 0) ||
      (a.name < b.name ? -1 : 1),
  );
  return (
    <>
      <h1>Plugins</h1>
      <Trouble of={status} />
      {plugins.length === 0 ? (
        <Empty title="No plugin has registered yet.">
          <p>
            <code>npx batonflow new plugin hello</code> makes one. Its deployment registers it; on
            this machine, <code>npm start</code> finds it under <code>plugins/</code>.
          </p>
        </Empty>
      ) : (
        <PluginTable plugins={sorted} />
      )}
    </>
  );
}

function PluginTable({ plugins }: { readonly plugins: readonly PluginStatus[] }) {
  return (
    <table>
      <caption class="hidden">Plugins, the one in trouble first</caption>
      <thead>
        <tr>
          <th scope="col">Plugin</th>
          <th scope="col">Health</th>
          <th scope="col" class="number">
            Queue
          </th>
          <th scope="col" class="number wide">
            At work
          </th>
          <th scope="col" class="number wide">
            Oldest
          </th>
          <th scope="col" class="wide">
            Instances
          </th>
        </tr>
      </thead>
      <tbody>
        {plugins.map((plugin) => (
          <tr key={plugin.name}>
            <td>
              <a class="row-link" href={to(`/plugins/${plugin.name}`)}>
                {plugin.name}
              </a>
            </td>
            <td>
              <Status words={healthWords(plugin.health)} />
            </td>
            <td class="number">{gauge(plugin.queued)}</td>
            <td class="number wide">{gauge(plugin.inFlight)}</td>
            <td class="number wide">
              {plugin.oldestSeconds === undefined || plugin.queued === 0
                ? '–'
                : durationText(plugin.oldestSeconds * 1000)}
            </td>
            <td class="wide">
              <Scale plugin={plugin} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const gauge = (value: number | undefined) => (value === undefined ? '?' : numberText(value));

export function PluginScreen({ name }: { readonly name: string }) {
  const status = usePolled('status', api.status);
  const plugins = usePolled('plugins', api.plugins);
  if (status.value === undefined) return <Loading of={status} />;
  if (plugins.value === undefined) return <Loading of={plugins} />;
  const now = status.value.plugins.find((one) => one.name === name);
  const plugin = plugins.value.plugins.find((one) => one.name === name);
  if (plugin === undefined) {
    return (
      <Empty title={`No plugin is called ${name}.`}>
        <a href={to('/plugins')}>Show all plugins</a>
      </Empty>
    );
  }
  const trouble = bottleneckWords({ ...status.value, bottleneck: name });
  return (
    <>
      <div class="title">
        <div>
          <h1>{name}</h1>
          <p class="dim facts">
            {now && <Status words={healthWords(now.health)} />}
            <span title={plugin.owner}>of {plugin.owner.split('/').at(-1)}</span>
            <span>
              registered <Age at={plugin.registeredAt} />
            </span>
          </p>
        </div>
        <a class="button" href={to('/orders', { status: 'failed', plugin: name })}>
          Orders that it failed
        </a>
      </div>
      <Trouble of={status} />
      {plugin.draining && (
        <p class="note">It is being removed: it finishes what it has, and gets nothing new.</p>
      )}
      {trouble?.since !== undefined && (
        <p class="problem">
          <strong>Bottleneck.</strong> {trouble.text} <span class="dim">{trouble.advice}</span>
        </p>
      )}
      {now && <Gauges plugin={now} />}
      <div class="two">
        <Uses plugin={plugin} />
        <Promises plugin={plugin} />
      </div>
    </>
  );
}

function Gauges({ plugin }: { readonly plugin: PluginStatus }) {
  const { queued, inFlight, oldestSeconds } = plugin;
  return (
    <ul class="counters" aria-label="Figures">
      <Figure name="Tasks in its queue" value={gauge(queued)} />
      <Figure name="Tasks at work" value={gauge(inFlight)} />
      <Figure
        name="The oldest waits for"
        value={
          oldestSeconds === undefined || queued === 0 ? '–' : durationText(oldestSeconds * 1000)
        }
      />
      <li class="figure">
        <Scale plugin={plugin} />
      </li>
    </ul>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <li class="figure">
      <span class="counter-value">{value}</span>
      <span class="counter-name">{name}</span>
    </li>
  );
}

function Uses({ plugin }: { readonly plugin: Plugin }) {
  const workflows = usePolled('workflows', api.workflows, () => true);
  const uses = membershipsOf(plugin, workflows.value?.workflows ?? []);
  return (
    <section class="card">
      <h2>Who uses it</h2>
      {uses.length === 0 ? (
        <Empty title="No workflow names it, and it joins none.">
          <p>
            Orders that list their plugins may. <a href={to('/new')}>New order</a>
          </p>
        </Empty>
      ) : (
        <ul class="lines">
          {uses.map(({ workflow, activity, stage, how }) => (
            <li key={workflow + activity + stage}>
              <a href={to(`/workflows/${workflow}`)}>{workflow}</a>
              <span class="dim">
                {how === 'named' ? 'named in' : 'joins'} {activity}, {stage}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What its author has said of it. */
function Promises({ plugin }: { readonly plugin: Plugin }) {
  const { retry, timeoutSeconds, heartbeatSeconds, totalSeconds } = plugin;
  const facts = [
    ['Attempts', numberText(retry.maxAttempts)],
    ['An attempt may take', durationText(timeoutSeconds * 1000)],
    ['All attempts together', durationText(totalSeconds * 1000)],
    ['It says that it works every', heartbeatSeconds && durationText(heartbeatSeconds * 1000)],
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
