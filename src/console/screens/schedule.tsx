import { Age, Due } from '../elements/age.tsx';
import { Empty } from '../elements/empty.tsx';
import { JsonView } from '../elements/json-view.tsx';
import { Trouble } from '../elements/loading.tsx';
import { LoadingScreen } from '../elements/loading-screen.tsx';
import { Status } from '../elements/status.tsx';
import type { Schedule } from '../messages.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { Runs } from '../schedules/runs.tsx';
import { ScheduleActs } from '../schedules/schedule-acts.tsx';
import {
  CATCH_UP_TEXT,
  OVERLAP_TEXT,
  orderedText,
  scheduleStatusWords,
  timingText,
} from '../schedules/schedule-words.ts';

export function ScheduleScreen({ name }: { readonly name: string }) {
  const polled = usePolled(`schedule ${name}`, (signal) => api.schedule(name, signal));
  const schedule = polled.value;
  if (schedule === undefined) {
    return (
      <LoadingScreen of={polled}>
        <a href={to('/schedules')}>Show all schedules</a>
      </LoadingScreen>
    );
  }
  return (
    <>
      <div class="title">
        <div>
          <h1>{name}</h1>
          <p class="dim facts">
            <Status words={scheduleStatusWords(schedule)} />
            <span>{timingText(schedule)}</span>
            <a href={to('/orders', { idPrefix: `${name}:` })}>its orders</a>
          </p>
        </div>
        <ScheduleActs schedule={schedule} done={polled.again} />
      </div>
      <Trouble of={polled} />
      <Pause schedule={schedule} />
      <div class="two">
        <Runs schedule={schedule} />
        <div class="stack">
          <NextRuns schedule={schedule} />
          <WhatItPlaces schedule={schedule} />
        </div>
      </div>
    </>
  );
}

function Pause({ schedule: { paused } }: { readonly schedule: Schedule }) {
  if (paused === undefined) return null;
  return (
    <p class="note" role="status">
      <strong>It is paused</strong> since <Age at={paused.at} />
      {paused.actor !== undefined && `, by ${paused.actor}`}
      {paused.reason !== undefined && `: ${paused.reason}`}. It places no orders until somebody
      resumes it.
    </p>
  );
}

function NextRuns({ schedule: { nextRuns, queuedAt } }: { readonly schedule: Schedule }) {
  return (
    <section class="card">
      <h2>Next runs</h2>
      {queuedAt !== undefined && (
        <p>
          The run of <Age at={queuedAt} /> waits until the previous order has ended.
        </p>
      )}
      {nextRuns.length === 0 ? (
        <Empty title="None is planned." />
      ) : (
        <ul class="lines">
          {nextRuns.map((at) => (
            <li key={at}>
              <span>{new Date(at).toLocaleString()}</span>
              <span class="dim">
                <Due at={at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function WhatItPlaces({ schedule }: { readonly schedule: Schedule }) {
  const { workflow, client, input, attributes, overlap, catchUp } = schedule;
  const ordered = orderedText(schedule);
  return (
    <section class="card">
      <h2>What it places</h2>
      <dl class="facts-list">
        <div>
          <dt>An order that runs</dt>
          <dd>
            {workflow === undefined ? (
              ordered
            ) : (
              <a href={to(`/workflows/${workflow}`)}>{ordered}</a>
            )}
          </dd>
        </div>
        {client !== undefined && (
          <div>
            <dt>For the client</dt>
            <dd>{client}</dd>
          </div>
        )}
        <div>
          <dt>While the previous order goes on, a run is</dt>
          <dd>{OVERLAP_TEXT[overlap]}</dd>
        </div>
        <div>
          <dt>Runs that were missed are</dt>
          <dd>{CATCH_UP_TEXT[catchUp]}</dd>
        </div>
      </dl>
      <JsonView label="Input" value={input} />
      {Object.keys(attributes).length > 0 && <JsonView label="Attributes" value={attributes} />}
    </section>
  );
}
