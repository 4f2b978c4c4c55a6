import type { Plugin, Workflow } from '../messages.ts';
import { invited } from '../plugins/members.ts';
import { to } from '../router.ts';
import { activitiesIn } from './activities.ts';

/** Which plugins the stages that say "*" invite, and with which filter. */
export function Joins({
  workflow: { name, activities },
  plugins,
}: {
  readonly workflow: Workflow;
  readonly plugins: readonly Plugin[];
}) {
  const open = activitiesIn(activities).flatMap(({ activity }) =>
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
