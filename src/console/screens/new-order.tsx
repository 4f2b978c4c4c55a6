import { useEffect, useState } from 'preact/hooks';
import { Refusal } from '../elements/problem.tsx';
import { useAsking } from '../elements/use-asking.ts';
import type { BatchReceipt, Receipt, Workflow } from '../messages.ts';
import { BatchResult } from '../placing/batch-result.tsx';
import { type Begun, BLANK, type Draft, type Kind } from '../placing/draft.ts';
import { draftOfOrder } from '../placing/draft-of-order.ts';
import { DropZone } from '../placing/drop-zone.tsx';
import { orderBody } from '../placing/order-body.ts';
import { OrderFields } from '../placing/order-fields.tsx';
import { placeFile } from '../placing/place-file.ts';
import { api } from '../reading/api.ts';
import { may } from '../reading/me.ts';
import { usePolled } from '../reading/use-polled.ts';
import { address, go, orderPath } from '../router.ts';

export function NewOrderScreen() {
  const workflows = usePolled('workflows', api.workflows, () => true);
  const { searchParams } = address.value;
  const again = searchParams.get('again');
  const [begun, setBegun] = useState<Begun>({
    ...BLANK,
    workflow: searchParams.get('workflow') ?? '',
  });
  const [isReading, setReading] = useState(again !== null);
  const earlier = useAsking();
  const { isBusy, error, ask } = useAsking();
  const [batch, setBatch] = useState<BatchReceipt | undefined>();
  const change = (fields: Partial<Draft>) => setBegun((begun) => ({ ...begun, ...fields }));
  const kinds = kindsFor(workflows.value?.workflows);
  const draft: Draft = { kind: kinds[0], ...begun };

  useEffect(() => {
    if (again === null) return;
    const read = earlier.ask(async () => setBegun(await draftOfOrder(again)));
    void read.finally(() => setReading(false));
  }, []);

  const place = (send: () => Promise<Receipt | BatchReceipt>) =>
    ask(async () => {
      setBatch(undefined);
      const receipt = await send();
      if ('orderId' in receipt) go(orderPath(receipt.orderId));
      else setBatch(receipt);
    });

  if (isReading) return <div class="loading">Reading the order …</div>;
  return (
    <>
      <h1>New order</h1>
      {earlier.error !== undefined && <Refusal error={earlier.error} asked="toSee" />}
      <div class="placing">
        <form
          class="card form"
          onSubmit={(event) => {
            event.preventDefault();
            void place(async () => api.place<Receipt>(orderBody(draft), 'application/json'));
          }}
        >
          <OrderFields
            kinds={kinds}
            draft={draft}
            workflows={workflows.value?.workflows}
            change={change}
          />
          {error !== undefined && <Refusal error={error} />}
          <div class="buttons">
            <button type="submit" class="primary" disabled={isBusy}>
              {isBusy ? 'Placing …' : 'Place the order'}
            </button>
          </div>
        </form>
        <DropZone take={(file) => void place(() => placeFile(file, draft))} isBusy={isBusy} />
      </div>
      {batch && <BatchResult batch={batch} />}
    </>
  );
}

/** What an order may run, the usual first. A client's orders have a contract; where nobody has put a workflow yet, a list of plugins needs none. */
function kindsFor(workflows: readonly Workflow[] | undefined): readonly [Kind, ...Kind[]] {
  if (!may('GET /workflows')) return ['contract', 'workflow', 'todo'];
  return workflows?.length === 0 ? ['todo', 'workflow'] : ['workflow', 'todo'];
}
