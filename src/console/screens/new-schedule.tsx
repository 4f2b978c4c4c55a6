import { useState } from 'preact/hooks';
import { Refusal } from '../elements/problem.tsx';
import { useAsking } from '../elements/use-asking.ts';
import { BLANK } from '../placing/draft.ts';
import { OrderFields } from '../placing/order-fields.tsx';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { go, to } from '../router.ts';
import { type ScheduleDraft, scheduleBody } from '../schedules/schedule-draft.ts';
import { TimingFields } from '../schedules/timing-fields.tsx';

export function NewScheduleScreen() {
  const workflows = usePolled('workflows', api.workflows, () => true);
  const [draft, setDraft] = useState<ScheduleDraft>(() => ({
    ...BLANK,
    ...{ name: '', kind: 'todo', rhythm: 'cron', cron: '', every: '' },
    // The clock that its author reads.
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...{ overlap: 'skip', catchUp: 'last' },
  }));
  const { isBusy, error, ask } = useAsking();
  const change = (fields: Partial<ScheduleDraft>) => setDraft((draft) => ({ ...draft, ...fields }));
  const put = () =>
    ask(async () => {
      const { name } = await api.putSchedule(draft.name.trim(), scheduleBody(draft));
      go(to(`/schedules/${name}`));
    });
  return (
    <>
      <h1>New schedule</h1>
      <form
        class="card form"
        onSubmit={(event) => {
          event.preventDefault();
          void put();
        }}
      >
        <label class="narrow">
          Name
          <input
            required
            value={draft.name}
            placeholder="nightly"
            spellcheck={false}
            onInput={(event) => change({ name: event.currentTarget.value })}
          />
        </label>
        <TimingFields draft={draft} change={change} />
        <h2>What it places</h2>
        <OrderFields
          kinds={['todo', 'workflow']}
          draft={draft}
          workflows={workflows.value?.workflows}
          change={change}
        />
        {error !== undefined && <Refusal error={error} />}
        <p class="dim">A schedule of the same name is replaced; it keeps its runs.</p>
        <div class="buttons">
          <button type="submit" class="primary" disabled={isBusy}>
            {isBusy ? 'Storing …' : 'Store it'}
          </button>
        </div>
      </form>
    </>
  );
}
