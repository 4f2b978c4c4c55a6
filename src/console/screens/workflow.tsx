import { useState } from 'preact/hooks';
import { Trouble } from '../elements/loading.tsx';
import { LoadingScreen } from '../elements/loading-screen.tsx';
import { Picture } from '../elements/picture.tsx';
import { columnsOfWorkflow } from '../picture/columns.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { definitionText } from '../workflows/definition-text.ts';
import { DryRun } from '../workflows/dry-run.tsx';
import { WorkflowEditor } from '../workflows/editor.tsx';
import { Joins } from '../workflows/joins.tsx';
import { Versions } from '../workflows/versions.tsx';

export function WorkflowScreen({ name }: { readonly name: string }) {
  const workflow = usePolled(`workflow ${name}`, (signal) => api.workflow(name, undefined, signal));
  const plugins = usePolled('plugins', api.plugins, () => true);
  const [isEdited, setEdited] = useState(false);
  if (workflow.value === undefined) {
    return (
      <LoadingScreen of={workflow}>
        <a href={to('/workflows')}>Show all workflows</a>
      </LoadingScreen>
    );
  }
  const { version } = workflow.value;
  return (
    <>
      <div class="title">
        <div>
          <h1>{name}</h1>
          <p class="dim facts">
            <span>version {version}</span>
            <a href={to('/orders', { workflow: name })}>its orders</a>
          </p>
        </div>
        <div class="buttons">
          <button type="button" onClick={() => setEdited(!isEdited)} aria-expanded={isEdited}>
            New version
          </button>
          <a class="primary" href={to('/new', { workflow: name })}>
            New order
          </a>
        </div>
      </div>
      <Trouble of={workflow} />
      {isEdited && (
        <WorkflowEditor
          name={name}
          text={definitionText(workflow.value)}
          done={() => {
            setEdited(false);
            workflow.again();
          }}
        />
      )}
      <section class="card">
        <h2>Path</h2>
        <Picture columns={columnsOfWorkflow(workflow.value)} label="The workflow's path" />
      </section>
      <div class="two">
        <div class="stack">
          <Joins workflow={workflow.value} plugins={plugins.value?.plugins ?? []} />
          <Versions name={name} version={version} />
          <DryRun name={name} />
        </div>
        <section class="card">
          <h2>Text</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
          <pre class="text" tabIndex={0}>
            {definitionText(workflow.value)}
          </pre>
        </section>
      </div>
    </>
  );
}
