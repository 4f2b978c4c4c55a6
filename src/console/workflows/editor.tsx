import { useState } from 'preact/hooks';
import { Problem } from '../elements/problem.tsx';
import { useAsking } from '../elements/use-asking.ts';
import type { WorkflowReceipt } from '../messages.ts';
import { api } from '../reading/api.ts';
import { countText } from '../words/numbers.ts';

/** A definition as YAML or JSON. What is wrong is said with its line, and nothing is stored. */
export function WorkflowEditor({
  name,
  text: given,
  done,
}: {
  readonly name: string;
  readonly text: string;
  readonly done: () => void;
}) {
  const [edited, setEdited] = useState<string | undefined>();
  const { isBusy, error, ask } = useAsking();
  const [checked, setChecked] = useState<WorkflowReceipt | undefined>();
  const [receipt, setReceipt] = useState<WorkflowReceipt | undefined>();
  const text = edited ?? given;
  const check = () =>
    ask(async () => {
      setChecked(undefined);
      setChecked(await api.checkWorkflow(name, text));
    });
  const put = () =>
    ask(async () => {
      const stored = await api.putWorkflow(name, text);
      setReceipt(stored);
      if ((stored.warnings ?? []).length === 0) done();
    });
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
      {error !== undefined && <Problem error={error} asked="toDo" />}
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
        <button type="submit" class="primary" disabled={name === '' || isBusy}>
          {isBusy ? 'Asking …' : 'Store it'}
        </button>
        <button type="button" disabled={name === '' || isBusy} onClick={() => void check()}>
          Only check it
        </button>
      </div>
    </form>
  );
}
