import { useEffect, useState } from 'preact/hooks';
import { Refusal } from '../elements/problem.tsx';
import type { BatchReceipt, Receipt } from '../messages.ts';
import { writeAttributes } from '../placing/attribute-lines.ts';
import { type Draft, mediaTypeOf, orderBody } from '../placing/order-body.ts';
import { todoTextOf } from '../placing/todo-text.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { address, go, orderPath } from '../router.ts';
import { jsonText } from '../words/json-text.ts';
import { countText } from '../words/numbers.ts';
import { isListOfPlugins } from '../words/workflow-text.ts';

const MOST_BYTES = 4 * 1024 * 1024;

const BLANK: Draft = { kind: 'workflow', workflow: '', todo: '', input: '', attributes: '' };

export function NewOrderScreen() {
  const workflows = usePolled('workflows', api.workflows, () => true);
  const { searchParams } = address.value;
  const again = searchParams.get('again');
  const [draft, setDraft] = useState<Draft>({
    ...BLANK,
    workflow: searchParams.get('workflow') ?? '',
  });
  const [isReading, setReading] = useState(again !== null);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [batch, setBatch] = useState<BatchReceipt | undefined>();
  const change = (fields: Partial<Draft>) => setDraft((draft) => ({ ...draft, ...fields }));
  const names = workflows.value?.workflows.map(({ name }) => name) ?? [];

  useEffect(() => {
    if (again === null) return;
    draftOf(again)
      .then(setDraft, setError)
      .finally(() => setReading(false));
  }, []);

  useEffect(() => {
    // Nobody has put a workflow yet: a list of plugins needs none.
    if (again === null && workflows.value?.workflows.length === 0) change({ kind: 'todo' });
  }, [workflows.value]);

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    setBatch(undefined);
    await work().catch(setError);
    setBusy(false);
  };

  const show = (receipt: Receipt | BatchReceipt) => {
    if ('orderId' in receipt) go(orderPath(receipt.orderId));
    else setBatch(receipt);
  };

  const place = () =>
    attempt(async () => show(await api.place<Receipt>(orderBody(draft), 'application/json')));

  const sendFile = (file: File | undefined) =>
    attempt(async () => {
      if (file === undefined) return;
      const type = mediaTypeOf(file);
      if (type === undefined)
        throw new Error(`${file.name}: orders come as CSV, JSON, NDJSON or a picture.`);
      if (file.size > MOST_BYTES)
        throw new Error(`${file.name} is larger than 4 MB: cut it up, or use npx baton submit.`);
      const workflow = draft.kind === 'workflow' ? draft.workflow : '';
      const bytes = new Uint8Array(await file.arrayBuffer());
      show(await api.place<Receipt | BatchReceipt>(bytes, type, { workflow }));
    });

  if (isReading) return <div class="loading">Reading the order …</div>;
  return (
    <>
      <h1>New order</h1>
      <form
        class="card form"
        onSubmit={(event) => {
          event.preventDefault();
          void place();
        }}
      >
        <fieldset class="chips">
          <legend class="hidden">What it runs</legend>
          {(['workflow', 'todo'] as const).map((kind) => (
            <button
              key={kind}
              type="button"
              aria-pressed={draft.kind === kind}
              onClick={() => change({ kind })}
            >
              {kind === 'workflow' ? 'A workflow' : 'A list of plugins'}
            </button>
          ))}
        </fieldset>
        {draft.kind === 'workflow' ? (
          <label>
            Workflow
            <select
              value={draft.workflow}
              onChange={(event) => change({ workflow: event.currentTarget.value })}
            >
              <option value="">Choose one</option>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <label>
            Plugins
            <input
              value={draft.todo}
              placeholder="A;B|C runs A, then B and C at the same time"
              spellcheck={false}
              onInput={(event) => change({ todo: event.currentTarget.value })}
            />
          </label>
        )}
        <label>
          Input, as JSON
          <textarea
            rows={8}
            value={draft.input}
            placeholder={'5   or   "a text"   or   { "customer": "acme" }'}
            spellcheck={false}
            onInput={(event) => change({ input: event.currentTarget.value })}
          />
        </label>
        <label>
          Attributes, one a line
          <textarea
            rows={2}
            value={draft.attributes}
            placeholder="customer = acme"
            spellcheck={false}
            onInput={(event) => change({ attributes: event.currentTarget.value })}
          />
        </label>
        {error !== undefined && <Refusal error={error} />}
        <div class="buttons">
          <button type="submit" class="primary" disabled={isBusy}>
            {isBusy ? 'Placing …' : 'Place the order'}
          </button>
        </div>
      </form>
      <DropZone take={(file) => void sendFile(file)} isBusy={isBusy} />
      {batch && <BatchResult batch={batch} />}
    </>
  );
}

/** An order that was placed before, to be placed once more. */
async function draftOf(orderId: string): Promise<Draft> {
  const { workflow, input, attributes } = await api.order(orderId);
  const common = {
    input: jsonText(input),
    attributes: writeAttributes(attributes),
  };
  if (!isListOfPlugins(workflow.name)) {
    return { ...BLANK, ...common, kind: 'workflow', workflow: workflow.name };
  }
  const todo = todoTextOf(await api.workflow(workflow.name, workflow.version));
  return { ...BLANK, ...common, kind: 'todo', todo };
}

function DropZone({
  take,
  isBusy,
}: {
  readonly take: (file: File | undefined) => void;
  readonly isBusy: boolean;
}) {
  const [isOver, setOver] = useState(false);
  return (
    <label
      class={`card drop${isOver ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files[0]);
      }}
    >
      <strong>Or drop a file</strong>
      <span class="dim">
        CSV, NDJSON or a JSON array: one order a row. A picture: it is the input of one order of the
        workflow above.
      </span>
      <input
        type="file"
        accept=".csv,.json,.ndjson,.jsonl,image/*"
        disabled={isBusy}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </label>
  );
}

function BatchResult({ batch: { accepted, rejected } }: { readonly batch: BatchReceipt }) {
  const rows = [...accepted, ...rejected].sort((a, b) => a.line - b.line);
  return (
    <section class="card" aria-live="polite">
      <h2>
        {countText(accepted.length, 'order')} placed
        {rejected.length > 0 && `, ${countText(rejected.length, 'row')} refused`}
      </h2>
      {rejected.length > 0 && (
        <p class="dim">The others are on their way. Mend the refused rows, and send only these.</p>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">Row</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line}>
              <td>{row.line}</td>
              <td>
                {'orderId' in row ? (
                  <a class="row-link id" href={orderPath(row.orderId)}>
                    {row.orderId}
                  </a>
                ) : (
                  <span class="why">
                    {row.path !== undefined && !row.message.includes(row.path) && `${row.path}: `}
                    {row.message}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
