import { useRef, useState } from 'preact/hooks';
import * as paths from '../../client/paths.ts';
import { ActButtons } from '../elements/act-buttons.tsx';
import { Dialog } from '../elements/dialog.tsx';
import { ReasonField } from '../elements/reason-field.tsx';
import type { OrderSummary } from '../messages.ts';
import { api } from '../reading/api.ts';
import { lookAgain } from '../reading/use-polled.ts';
import { countText } from '../words/numbers.ts';
import { actOnEach, type Outcome } from './act-on-each.ts';
import { actRequest, BLANK_ACT } from './act-request.ts';
import { ACT_WORDS } from './act-words.ts';
import { ChosenOutcomes } from './chosen-outcomes.tsx';
import type { BulkAct } from './operation-request.ts';
import { possibleActs } from './possible-acts.ts';

/** One act for the orders that were chosen by hand: whom it fits, then what became of each. */
export function ChosenDialog({
  act,
  orders,
  close,
  done,
}: {
  readonly act: BulkAct;
  readonly orders: readonly OrderSummary[];
  readonly close: () => void;
  readonly done: () => void;
}) {
  const [reason, setReason] = useState('');
  const [outcomes, setOutcomes] = useState<readonly Outcome[] | undefined>();
  const [isOver, setOver] = useState(false);
  const isStopped = useRef(false);
  const { name, effect } = ACT_WORDS[act];
  const fitting = orders.filter((order) => possibleActs(order).includes(act));
  const others = orders.length - fitting.length;

  const begin = async () => {
    const body = actRequest(act, { ...BLANK_ACT, reason });
    setOutcomes([]);
    await actOnEach(
      fitting.map(({ orderId }) => orderId),
      (orderId) => api.act(paths.act(orderId, act), body),
      (outcome) => setOutcomes((known = []) => [...known, outcome]),
      () => isStopped.current,
    );
    setOver(true);
    done();
    lookAgain();
  };

  return (
    <Dialog
      title={`${name} ${countText(fitting.length, 'chosen order')}`}
      isBusy={outcomes !== undefined && !isOver}
      onClose={close}
    >
      {outcomes !== undefined ? (
        <ChosenOutcomes
          act={act}
          outcomes={outcomes}
          total={fitting.length}
          isOver={isOver}
          stop={() => {
            isStopped.current = true;
          }}
          close={close}
        />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void begin();
          }}
        >
          <p>{effect}</p>
          {others > 0 && (
            <p class="dim">
              {countText(others, 'chosen order is', 'chosen orders are')} in a state that this does
              not fit, and {others === 1 ? 'is' : 'are'} left as{' '}
              {others === 1 ? 'it is' : 'they are'}.
            </p>
          )}
          <ReasonField seen="stands in each order's timeline" reason={reason} change={setReason} />
          <ActButtons
            name={`${name} ${countText(fitting.length, 'order')}`}
            isHarsh={act === 'cancel'}
            leave={close}
          />
        </form>
      )}
    </Dialog>
  );
}
