import { useState } from 'preact/hooks';
import { Empty } from '../elements/empty.tsx';
import { Loading, Trouble } from '../elements/loading.tsx';
import { Picture } from '../elements/picture.tsx';
import { Problem } from '../elements/problem.tsx';
import type { Plugin, Workflow, WorkflowReceipt } from '../messages.ts';
import { columnsOfWorkflow } from '../picture/columns.ts';
import { invited } from '../plugins/members.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { go, to } from '../router.ts';
import { countText, numberText } from '../words/numbers.ts';
import { definitionText } from '../workflows/definition-text.ts';
import { DryRun } from '../workflows/dry-run.tsx';
import { Versions } from '../workflows/versions.tsx';

export function WorkflowsScreen() {
  const workflows = usePolled('workflows', api.workflows);
  const status = usePolled('status', api.status);
  if (workflows.value === undefined) return <Loading of={workflows} />;
  const all = workflows.value.workflows;
  const active = status.value?.orders.byWorkflow ?? {};
  return (
    <>
      <div class="title">
        <h1>Workflows</h1>
        <a class={all.length === 0 ? 'button' : 'primary'} href={to('/workflows/new')}>
          New workflow
        </a>
      </div>
      <Trouble of={workflows} />
      {all.length === 0 ? (
        <Empty title="There is no workflow yet.">
          <p>
            <a href={to('/workflows/new')}>Write the first one</a>, or place an order with a list of
            plugins, which needs none.
          </p>
        </Empty>
      ) : (
        <table>
          <caption class="hidden">Workflows by name, each in its latest version</caption>
          <thead>
            <tr>
              <th scope="col">Workflow</th>
              <th scope="col" class="number">
                Version
              </th>
              <th scope="col" class="number">
                Active
              </th>
              <th scope="col" class="wide">
                Activities
              </th>
            </tr>
          </thead>
          <tbody>
            {all.map(({ name, version, activities }) => (
              <tr key={name}>
                <td>
                  <a class="row-link" href={to(`/workflows/${name}`)}>
                    {name}
                  </a>
                </td>
                <td class="number">{version}</td>
                <td class="number">{numberText(active[name] ?? 0)}</td>
                <td class="wide dim">{activities.map((one) => one.name).join(' → ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

export function WorkflowScreen({ name }: { readonly name: string }) {
  const workflow = usePolled(`workflow ${name}`, (signal) => api.workflow(name, undefined, signal));
  const plugins = usePolled('plugins', api.plugins, () => true);
  const [isEdited, setEdited] = useState(false);
  if (workflow.value === undefined) return <Loading of={workflow} />;
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
        <Joins workflow={workflow.value} plugins={plugins.value?.plugins ?? []} />
        <section class="card">
          <h2>Text</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
          <pre class="text" tabIndex={0}>
            {definitionText(workflow.value)}
          </pre>
        </section>
        <Versions name={name} version={version} />
        <DryRun name={name} />
      </div>
    </>
  );
}

function Joins({
  workflow: { name, activities },
  plugins,
}: {
  readonly workflow: Workflow;
  readonly plugins: readonly Plugin[];
}) {
  const open = activities.flatMap((activity) =>
    (['pre', 'parallel', 'post'] as const)
      .filter((stage) => activity[stage].includes('*'))
      .map((stage) => ({ workflow: name, activity: activity.name, stage })),
  );
  return (
    <section class="card">
      <h2>Who joins where</h2>
      {open.length === 0 ? (
        <p class="dim">
          No stage says <code>"*"</code>: only the plugins that it names take part.
        </p>
      ) : (
        <ul class="lines">
          {open.map((place) => {
            const guests = invited(plugins, place);
            return (
              <li key={place.activity + place.stage}>
                <span>
                  <strong>{place.activity}</strong>, {place.stage}
                </span>
                <span>
                  {guests.length === 0 && <span class="dim">nobody yet</span>}
                  {guests.map(({ name, filter }) => (
                    <a key={name} class="tag" href={to(`/plugins/${name}`)}>
                      {name}
                      {filter && <span class="dim"> if {JSON.stringify(filter)}</span>}
                    </a>
                  ))}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

const EXAMPLE = `name: greet
activities:
  - name: first
    pre: [A]
    parallel: "*"
`;

export function NewWorkflowScreen() {
  const [name, setName] = useState('');
  return (
    <>
      <h1>New workflow</h1>
      <label class="narrow">
        Name
        <input
          value={name}
          placeholder="greet"
          spellcheck={false}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <WorkflowEditor
        name={name.trim()}
        text={EXAMPLE.replace('greet', name.trim() || 'greet')}
        done={() => go(to(`/workflows/${name.trim()}`))}
      />
    </>
  );
}

/** A definition as YAML or JSON. What is wrong is said with its line, and nothing is stored. */
function WorkflowEditor({
  name,
  text: given,
  done,
}: {
  readonly name: string;
  readonly text: string;
  readonly done: () => void;
}) {
  const [edited, setEdited] = useState<string | undefined>();
  const [error, setError] = useState<unknown>();
  const [checked, setChecked] = useState<WorkflowReceipt | undefined>();
  const [receipt, setReceipt] = useState<WorkflowReceipt | undefined>();
  const text = edited ?? given;
  const check = async () => {
    setError(undefined);
    setChecked(undefined);
    await api.checkWorkflow(name, text).then(setChecked, setError);
  };
  const put = async () => {
    setError(undefined);
    try {
      const stored = await api.putWorkflow(name, text);
      setReceipt(stored);
      if ((stored.warnings ?? []).length === 0) done();
    } catch (error) {
      setError(error);
    }
  };
  return (
    <form
      class="card form"
      onSubmit={(event) => {
        event.preventDefault();
        void put();
      }}
    >
      <label>
        Definition, as YAML or JSON
        <textarea
          rows={Math.min(24, text.split('\n').length + 2)}
          value={text}
          spellcheck={false}
          onInput={(event) => setEdited(event.currentTarget.value)}
        />
      </label>
      {error !== undefined && <Problem error={error} />}
      {checked && (
        <p class="note" role="status">
          It is well formed; it would be version {checked.version}. Nothing was stored.
          {checked.warnings?.map((warning) => (
            <span key={warning}> {warning}</span>
          ))}
        </p>
      )}
      {receipt?.warnings && (
        <div class="note" role="status">
          Stored as version {receipt.version}, with {countText(receipt.warnings.length, 'warning')}:
          {receipt.warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
          <button type="button" onClick={done}>
            Show it
          </button>
        </div>
      )}
      <p class="dim">Orders that are under way keep the version that they began with.</p>
      <div class="buttons">
        <button type="submit" class="primary" disabled={name === ''}>
          Store it
        </button>
        <button type="button" disabled={name === ''} onClick={() => void check()}>
          Only check it
        </button>
      </div>
    </form>
  );
}
