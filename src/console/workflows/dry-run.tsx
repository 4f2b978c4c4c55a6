import { useState } from 'preact/hooks';
import { Refusal } from '../elements/problem.tsx';
import { useAsking } from '../elements/use-asking.ts';
import type { Plan } from '../messages.ts';
import { readAttributes } from '../placing/attribute-lines.ts';
import { api } from '../reading/api.ts';
import { jsonText } from '../words/json-text.ts';

/** Who would take part in an order with these attributes? Nothing is placed. */
export function DryRun({ name }: { readonly name: string }) {
  const [attributes, setAttributes] = useState('');
  const [plan, setPlan] = useState<Plan | undefined>();
  const { error, ask } = useAsking();
  const look = () =>
    ask(async () => {
      setPlan(undefined);
      setPlan(await api.plan(name, { attributes: readAttributes(attributes) }));
    });
  return (
    <section class="card">
      <h2>Dry run</h2>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <label>
          With these attributes, one a line
          <textarea
            rows={2}
            placeholder="kind = photo"
            spellcheck={false}
            value={attributes}
            onInput={(event) => setAttributes(event.currentTarget.value)}
          />
        </label>
        <div class="buttons">
          <button type="submit">Who takes part?</button>
        </div>
      </form>
      {error !== undefined && <Refusal error={error} asked="toSee" />}
      {plan && <PlanView plan={plan} />}
    </section>
  );
}

function PlanView({ plan: { tasks, leftOut, unregistered = [], error } }: { readonly plan: Plan }) {
  return (
    <div aria-live="polite">
      {tasks.length === 0 && <p>Nobody would.</p>}
      <ul class="lines">
        {tasks.map(({ job, activity, stage, input }) => (
          <li key={job}>
            <strong>{job}</strong>
            <span class="dim">
              {activity}, {stage}, with <code>{jsonText(input)}</code>
            </span>
          </li>
        ))}
        {leftOut.map(({ plugin, activity, stage, reason }) => (
          <li key={plugin + activity + stage}>
            <span class="dim">not {plugin}</span>
            <span class="dim">{reason}</span>
          </li>
        ))}
      </ul>
      {unregistered.length > 0 && (
        <p class="problem">Nobody has registered {unregistered.join(', ')}.</p>
      )}
      {error && (
        <p class="problem">
          It would fail at {error.task}: {error.message} <code>{error.code}</code>
        </p>
      )}
    </div>
  );
}
