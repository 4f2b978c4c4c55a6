import { Empty } from '../elements/empty.tsx';
import type { Plugin } from '../messages.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { membershipsOf } from './members.ts';

/** The workflows that name it, and those that it joins. */
export function Uses({ plugin }: { readonly plugin: Plugin }) {
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
