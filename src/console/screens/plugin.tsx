import { EndedChart } from '../charts/ended-chart.tsx';
import { QueueChart } from '../charts/queue-chart.tsx';
import { Age } from '../elements/age.tsx';
import { Empty } from '../elements/empty.tsx';
import { Trouble } from '../elements/loading.tsx';
import { LoadingScreen } from '../elements/loading-screen.tsx';
import { Status } from '../elements/status.tsx';
import { Gauges } from '../plugins/gauges.tsx';
import { healthWords } from '../plugins/health-words.ts';
import { PluginActs } from '../plugins/plugin-acts.tsx';
import { PluginFailures } from '../plugins/plugin-failures.tsx';
import { Promises } from '../plugins/promises.tsx';
import { QuarantineNote } from '../plugins/quarantine-note.tsx';
import { TurnsNote } from '../plugins/turns-note.tsx';
import { Uses } from '../plugins/uses.tsx';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { bottleneckWords } from '../words/bottleneck-words.ts';

export function PluginScreen({ name }: { readonly name: string }) {
  const status = usePolled('status', api.status);
  const plugins = usePolled('plugins', api.plugins);
  if (status.value === undefined) return <LoadingScreen of={status} />;
  if (plugins.value === undefined) return <LoadingScreen of={plugins} />;
  const now = status.value.plugins.find((one) => one.name === name);
  const plugin = plugins.value.plugins.find((one) => one.name === name);
  if (plugin === undefined) {
    return (
      <Empty title={`No plugin is called ${name}.`} isScreen={true}>
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
        <div class="buttons">
          <PluginActs
            plugin={plugin}
            done={() => {
              status.again();
              plugins.again();
            }}
          />
        </div>
      </div>
      <Trouble of={status} />
      {plugin.draining && (
        <p class="note">It is being removed: it finishes what it has, and gets nothing new.</p>
      )}
      {now?.quarantine && <QuarantineNote quarantine={now.quarantine} />}
      {now?.turns && <TurnsNote turns={now.turns} />}
      {trouble?.since !== undefined && (
        <p class="problem">
          <strong>Bottleneck.</strong> {trouble.text} <span class="dim">{trouble.advice}</span>
        </p>
      )}
      {now && <Gauges plugin={now} />}
      <div class="two">
        <QueueChart name={name} />
        <EndedChart title="Attempts over time" by="plugin" name={name} />
      </div>
      <div class="two">
        <div class="stack">
          <PluginFailures name={name} />
          <Uses plugin={plugin} />
        </div>
        <Promises plugin={plugin} />
      </div>
    </>
  );
}
