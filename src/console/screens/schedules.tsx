import { Empty } from '../elements/empty.tsx';
import { Trouble } from '../elements/loading.tsx';
import { LoadingScreen } from '../elements/loading-screen.tsx';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { ScheduleTable } from '../schedules/schedule-table.tsx';

export function SchedulesScreen() {
  const schedules = usePolled('schedules', api.schedules);
  if (schedules.value === undefined) return <LoadingScreen of={schedules} />;
  const all = schedules.value.schedules;
  return (
    <>
      <div class="title">
        <h1>Schedules</h1>
        <a class={all.length === 0 ? 'button' : 'primary'} href={to('/schedules/new')}>
          New schedule
        </a>
      </div>
      <Trouble of={schedules} />
      {all.length === 0 ? (
        <Empty title="There is no schedule yet.">
          <p>
            A schedule places orders by the clock.{' '}
            <a href={to('/schedules/new')}>Make the first one</a>, or in a shell:
          </p>
          <code>npx baton schedules put nightly --cron "0 2 * * *" --todo "A;B" --input 5</code>
        </Empty>
      ) : (
        <ScheduleTable schedules={all} />
      )}
    </>
  );
}
