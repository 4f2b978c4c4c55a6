import { useState } from 'preact/hooks';
import type { OrderSummary } from '../messages.ts';
import { may } from '../reading/me.ts';
import { countText, numberText } from '../words/numbers.ts';
import { ACT_WORDS } from './act-words.ts';
import { ChosenDialog } from './chosen-dialog.tsx';
import type { BulkAct } from './operation-request.ts';
import { possibleActs } from './possible-acts.ts';

const ACTS: readonly BulkAct[] = ['retry', 'resume', 'pause', 'cancel'];

/** What may be done to the orders that were chosen by hand: an act shows as soon as it fits one of them. */
export function ChosenActs({
  chosen,
  unseen,
  clear,
}: {
  readonly chosen: readonly OrderSummary[];
  /** So many of them the list does not show any more. */
  readonly unseen: number;
  readonly clear: () => void;
}) {
  // The dialog keeps what it was opened for, though the list goes on changing behind it.
  const [asked, setAsked] = useState<
    { readonly act: BulkAct; readonly orders: readonly OrderSummary[] } | undefined
  >();
  const fitting = (act: BulkAct) => chosen.filter((row) => possibleActs(row).includes(act));
  const acts = ACTS.filter((act) => may(`POST /orders/{orderId}/${act}`));
  return (
    <>
      {chosen.length > 0 && (
        <fieldset class="bulk chosen">
          <legend class="hidden">The chosen orders</legend>
          <strong role="status">
            {countText(chosen.length, 'order')} chosen
            {unseen > 0 && `, ${numberText(unseen)} of them out of sight`}:
          </strong>
          {acts
            .filter((act) => fitting(act).length > 0)
            .map((act) => (
              <button key={act} type="button" onClick={() => setAsked({ act, orders: chosen })}>
                {ACT_WORDS[act].name} {numberText(fitting(act).length)}
              </button>
            ))}
          {acts.every((act) => fitting(act).length === 0) && (
            <span>nothing that you may do fits them.</span>
          )}
          <button type="button" class="quiet bulk-link" onClick={clear}>
            Choose none
          </button>
        </fieldset>
      )}
      {asked && <ChosenDialog {...asked} close={() => setAsked(undefined)} done={clear} />}
    </>
  );
}
