import { useEffect, useState } from 'preact/hooks';
import { ActButtons } from '../elements/act-buttons.tsx';
import { Dialog } from '../elements/dialog.tsx';
import { Refusal } from '../elements/problem.tsx';
import { ReasonField } from '../elements/reason-field.tsx';
import { Status } from '../elements/status.tsx';
import { useAsking } from '../elements/use-asking.ts';
import type { OperationPreview } from '../messages.ts';
import type { OrderQuery } from '../orders/filter.ts';
import { api } from '../reading/api.ts';
import { countText } from '../words/numbers.ts';
import { orderStatusWords } from '../words/status-words.ts';
import { ACT_WORDS } from './act-words.ts';
import { OperationProgress } from './operation-progress.tsx';
import { type BulkAct, operationFilter } from './operation-request.ts';

/** One act for all orders that match: first what would happen to how many, then how far it has come. */
export function BulkDialog({
  act,
  filter,
  close,
}: {
  readonly act: BulkAct;
  readonly filter: OrderQuery;
  readonly close: () => void;
}) {
  const [asked] = useState(() => operationFilter(filter, Date.now()));
  const [preview, setPreview] = useState<OperationPreview | undefined>();
  const [operationId, setOperationId] = useState<string | undefined>();
  const [rate, setRate] = useState('10');
  const [reason, setReason] = useState('');
  const counting = useAsking();
  const { isBusy, error, ask } = useAsking();
  const { name, effect } = ACT_WORDS[act];
  const request = { action: act, filter: asked };

  useEffect(() => {
    void counting.ask(async () => setPreview(await api.previewOperation(request)));
  }, []);

  const begin = () =>
    ask(async () => {
      const given = {
        ratePerSecond: Number(rate),
        ...(reason.trim() && { reason: reason.trim() }),
      };
      setOperationId((await api.startOperation({ ...request, ...given })).operationId);
    });

  return (
    <Dialog title={`${name} all that match`} isBusy={isBusy} onClose={close}>
      {operationId !== undefined ? (
        <OperationProgress operationId={operationId} close={close} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void begin();
          }}
        >
          {preview === undefined ? (
            counting.error === undefined && <p class="dim">Counting …</p>
          ) : (
            <Preview preview={preview} />
          )}
          <p class="dim">{effect} Orders that are in another state by then are left as they are.</p>
          <label>
            Orders a second, at most
            <input
              type="number"
              min="0.1"
              max="100"
              step="any"
              value={rate}
              onInput={(event) => setRate(event.currentTarget.value)}
            />
          </label>
          <ReasonField seen="stands in each order's timeline" reason={reason} change={setReason} />
          {counting.error !== undefined && <Refusal error={counting.error} asked="toSee" />}
          {error !== undefined && <Refusal error={error} />}
          <ActButtons
            name={`${name} ${preview === undefined ? '' : countOf(preview)}`}
            isHarsh={act === 'cancel'}
            isBusy={isBusy}
            isDisabled={preview === undefined || preview.matched === 0}
            leave={close}
          />
        </form>
      )}
    </Dialog>
  );
}

function countOf({ matched, more }: OperationPreview): string {
  return `${more ? 'more than ' : ''}${countText(matched, 'order')}`;
}

function Preview({ preview }: { readonly preview: OperationPreview }) {
  if (preview.matched === 0) return <p>No order matches: there is nothing to do.</p>;
  return (
    <>
      <p>
        <strong>{countOf(preview)}</strong> {preview.matched === 1 ? 'matches' : 'match'} now, such
        as these:
      </p>
      <ul class="lines">
        {preview.sample.slice(0, 4).map(({ orderId, status }) => (
          <li key={orderId}>
            <code>{orderId}</code>
            <Status words={orderStatusWords(status)} />
          </li>
        ))}
      </ul>
    </>
  );
}
