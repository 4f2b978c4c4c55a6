import { Empty } from '../elements/empty.tsx';
import { Trouble } from '../elements/loading.tsx';
import { LoadingScreen } from '../elements/loading-screen.tsx';
import { inOrder } from '../plugins/in-order.ts';
import { PluginTable } from '../plugins/plugin-table.tsx';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';

export function PluginsScreen() {
  const status = usePolled('status', api.status);
  if (status.value === undefined) return <LoadingScreen of={status} />;
  const { plugins } = status.value;
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
        <PluginTable plugins={inOrder(plugins)} />
      )}
    </>
  );
}
