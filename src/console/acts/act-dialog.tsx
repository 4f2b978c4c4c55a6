import { useState } from 'preact/hooks';
import { ActButtons } from '../elements/act-buttons.tsx';
import { Dialog } from '../elements/dialog.tsx';
import { Refusal } from '../elements/problem.tsx';
import { ReasonField } from '../elements/reason-field.tsx';
import { useAsking } from '../elements/use-asking.ts';
import type { Order } from '../messages.ts';
import { api } from '../reading/api.ts';
import { jsonText } from '../words/json-text.ts';
import { type ActDraft, actPath, actRequest, BLANK_ACT } from './act-request.ts';
import { ACT_WORDS } from './act-words.ts';
import {
  type Act,
  cancellableJobs,
  failedInput,
  isUndone,
  skippableJobs,
} from './possible-acts.ts';

/** Says what will happen, asks for what the act needs, and does it. */
export function ActDialog({
  act,
  name = ACT_WORDS[act].name,
  job,
  order,
  close,
  done,
}: {
  readonly act: Act;
  /** Where it is called otherwise than by its button above the order. */
  readonly name?: string;
  /** The task that is meant; the first one that fits, if none is said. */
  readonly job?: string;
  readonly order: Order;
  readonly close: () => void;
  readonly done: () => void;
}) {
  const [draft, setDraft] = useState<ActDraft>(() => firstDraft(act, order, job));
  const { isBusy, error, ask } = useAsking();
  const change = (fields: Partial<ActDraft>) => setDraft((draft) => ({ ...draft, ...fields }));
  const { effect } = ACT_WORDS[act];

  const perform = () =>
    ask(async () => {
      const request = actRequest(act, draft);
      await api.act(actPath(order.orderId, act, draft), request);
      done();
      close();
    });

  return (
    <Dialog title={`${name}: ${order.orderId}`} isBusy={isBusy} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void perform();
        }}
      >
        <p>{effect}</p>
        {act === 'retry' && <RetryFields order={order} draft={draft} change={change} />}
        {act === 'skip' && <SkipFields order={order} draft={draft} change={change} />}
        {act === 'cancelTask' && (
          <JobField jobs={cancellableJobs(order)} draft={draft} change={change} />
        )}
        {act === 'cancel' && (
          <label class="check">
            <input
              type="checkbox"
              checked={draft.undoes}
              onChange={(event) => change({ undoes: event.currentTarget.checked })}
            />
            Undo what it has done
          </label>
        )}
        <ReasonField
          seen="stands in the order's timeline"
          reason={draft.reason}
          change={(reason) => change({ reason })}
        />
        {error !== undefined && <Refusal error={error} />}
        <ActButtons
          name={name}
          isHarsh={act === 'cancel' || act === 'cancelTask'}
          isBusy={isBusy}
          leave={close}
        />
      </form>
    </Dialog>
  );
}

function firstDraft(act: Act, order: Order, job: string | undefined): ActDraft {
  const jobs = act === 'cancelTask' ? cancellableJobs(order) : skippableJobs(order);
  const [task = ''] = job === undefined ? jobs : [job];
  return { ...BLANK_ACT, task };
}

interface Fields {
  readonly order: Order;
  readonly draft: ActDraft;
  readonly change: (fields: Partial<ActDraft>) => void;
}

function RetryFields({ order, draft, change }: Fields) {
  if (isUndone(order)) return <p class="dim">It is its undoing that is tried again.</p>;
  const given = failedInput(order);
  return (
    <>
      {given !== undefined && (
        <label class="check">
          <input
            type="checkbox"
            checked={draft.input !== undefined}
            onChange={(event) =>
              change({
                input: event.currentTarget.checked ? jsonText(given.input) : undefined,
              })
            }
          />
          Give the failed task another input
        </label>
      )}
      {draft.input !== undefined && (
        <label>
          Input, as JSON
          <textarea
            rows={6}
            spellcheck={false}
            value={draft.input}
            onInput={(event) => change({ input: event.currentTarget.value })}
          />
        </label>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={draft.isLatest}
          onChange={(event) => change({ isLatest: event.currentTarget.checked })}
        />
        Move it to the latest version of its workflow, if it fits
      </label>
    </>
  );
}

function SkipFields({ order, draft, change }: Fields) {
  return (
    <>
      <JobField jobs={skippableJobs(order)} draft={draft} change={change} />
      <label>
        Result that it counts as having given, as JSON (empty: as if it had not taken part)
        <textarea
          rows={3}
          spellcheck={false}
          value={draft.result}
          onInput={(event) => change({ result: event.currentTarget.value })}
        />
      </label>
    </>
  );
}

function JobField({
  jobs,
  draft,
  change,
}: Omit<Fields, 'order'> & { readonly jobs: readonly string[] }) {
  return (
    <label>
      Task
      <select value={draft.task} onChange={(event) => change({ task: event.currentTarget.value })}>
        {jobs.map((job) => (
          <option key={job} value={job}>
            {job}
          </option>
        ))}
      </select>
    </label>
  );
}
