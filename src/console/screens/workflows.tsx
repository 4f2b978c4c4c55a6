import { Empty } from '../elements/empty.tsx';
import { Trouble } from '../elements/loading.tsx';
import { LoadingScreen } from '../elements/loading-screen.tsx';
import { type Column, TableHead } from '../elements/table-head.tsx';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { estimateText } from '../words/numbers.ts';
import { wayText } from '../workflows/activities.ts';

const COLUMNS: readonly Column[] = [
  ['Workflow'],
  ['Version', 'number'],
  ['Active', 'number'],
  ['Activities', 'wide'],
];

export function WorkflowsScreen() {
  const workflows = usePolled('workflows', api.workflows);
  const status = usePolled('status', api.status);
  if (workflows.value === undefined) return <LoadingScreen of={workflows} />;
  const all = workflows.value.workflows;
  const { byWorkflow = {}, byWorkflowApproximate } = status.value?.orders ?? {};
  const isEstimate = byWorkflowApproximate === true;
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
          <TableHead columns={COLUMNS} />
          <tbody>
            {all.map(({ name, version, activities }) => (
              <tr key={name}>
                <td>
                  <a class="row-link" href={to(`/workflows/${name}`)}>
                    {name}
                  </a>
                </td>
                <td class="number">{version}</td>
                <td class={isEstimate && byWorkflow[name] === undefined ? 'few' : 'number'}>
                  {status.value !== undefined && estimateText(byWorkflow[name] ?? 0, isEstimate)}
                </td>
                <td class="wide dim">{wayText(activities)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
