import { useState } from 'preact/hooks';
import { SureDialog } from '../elements/sure-dialog.tsx';
import type { Receipt, Schedule } from '../messages.ts';
import type { Call } from '../reading/allowed-calls.ts';
import { api } from '../reading/api.ts';
import { may } from '../reading/me.ts';
import { go, orderPath, to } from '../router.ts';
import { orderOfSchedule } from './order-of-schedule.ts';

interface ScheduleAct {
  readonly name: string;
  readonly effect: string;
  readonly call: Call;
  readonly isHarsh?: boolean;
  readonly reasonSeen?: string;
  readonly perform: (schedule: Schedule, request: { readonly reason?: string }) => Promise<unknown>;
}

const REASON_SEEN = 'stands beside the schedule while it is paused';

const RUN_NOW: ScheduleAct = {
  name: 'Run now',
  effect:
    'One order is placed at once, as the schedule places them. It is no run of the schedule: the next run comes as planned.',
  call: 'POST /orders',
  perform: async (schedule) => {
    const { orderId } = await api.place<Receipt>(orderOfSchedule(schedule), 'application/json');
    go(orderPath(orderId));
  },
};

const PAUSE: ScheduleAct = {
  name: 'Pause',
  effect:
    'It places no orders until it is resumed. Its orders that are under way go on. The runs that come meanwhile do not take place later.',
  call: 'POST /schedules/{name}/pause',
  reasonSeen: REASON_SEEN,
  perform: ({ name }, request) => api.actOnSchedule(name, 'pause', request),
};

const RESUME: ScheduleAct = {
  name: 'Resume',
  effect: 'It goes on with the next run. Those that came meanwhile do not take place.',
  call: 'POST /schedules/{name}/resume',
  perform: ({ name }, request) => api.actOnSchedule(name, 'resume', request),
};

const DELETE: ScheduleAct = {
  name: 'Delete',
  effect: 'It places no orders any more, and its runs are forgotten. Its orders stay.',
  call: 'DELETE /schedules/{name}',
  isHarsh: true,
  perform: async ({ name }) => {
    await api.deleteSchedule(name);
    go(to('/schedules'));
  },
};

/** What may be done with a schedule as it is now. */
export function ScheduleActs({
  schedule,
  done,
}: {
  readonly schedule: Schedule;
  readonly done: () => void;
}) {
  const [act, setAct] = useState<ScheduleAct | undefined>();
  const isPaused = schedule.status === 'paused';
  const acts = [RUN_NOW, isPaused ? RESUME : PAUSE, DELETE].filter(({ call }) => may(call));
  return (
    <div class="buttons">
      {acts.map((one) => (
        <button
          key={one.name}
          type="button"
          class={one === RESUME ? 'primary' : undefined}
          onClick={() => setAct(one)}
        >
          {one.name}
        </button>
      ))}
      {act && (
        <SureDialog
          {...act}
          title={`${act.name}: ${schedule.name}`}
          perform={async (request) => {
            await act.perform(schedule, request);
            if (act !== DELETE) done();
          }}
          close={() => setAct(undefined)}
        />
      )}
    </div>
  );
}
