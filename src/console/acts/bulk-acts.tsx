import { useState } from 'preact/hooks';
import type { OrderQuery } from '../orders/filter.ts';
import { may } from '../reading/me.ts';
import { ACT_WORDS } from './act-words.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { type BulkAct, bulkActs, operationFilter } from './operation-request.ts';

/** One act for all that the filter finds. Without a filter there is none: nobody means all orders there are. */
export function BulkActs({
  filter,
  isAside,
}: {
  readonly filter: OrderQuery;
  /** Some are chosen by hand: the same acts for those stand there alone, so that nobody takes one for the other. */
  readonly isAside: boolean;
}) {
  const [act, setAct] = useState<BulkAct | undefined>();
  const acts = bulkActs(filter.status);
  if (operationFilter(filter, 0) === undefined || acts.length === 0) return null;
  if (!may('POST /operations')) return null;
  return (
    <>
      {!isAside && (
        <fieldset class="bulk">
          <legend class="hidden">All that match</legend>
          <span aria-hidden="true">All that match:</span>
          {acts.map((one) => (
            <button key={one} type="button" onClick={() => setAct(one)}>
              {ACT_WORDS[one].name}
            </button>
          ))}
        </fieldset>
      )}
      {act && <BulkDialog act={act} filter={filter} close={() => setAct(undefined)} />}
    </>
  );
}
