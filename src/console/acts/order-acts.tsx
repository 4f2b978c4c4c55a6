import { useState } from 'preact/hooks';
import type { Order } from '../messages.ts';
import { isSlice } from '../picture/lists.ts';
import { may, me } from '../reading/me.ts';
import { to } from '../router.ts';
import { ActDialog } from './act-dialog.tsx';
import { callOf } from './act-request.ts';
import { ACT_WORDS } from './act-words.ts';
import { type Act, actsOf, isUndone } from './possible-acts.ts';

/** The acts that fit the order's state and that the caller may do; the likeliest is the one that stands out. */
export function OrderActs({ order, done }: { readonly order: Order; readonly done: () => void }) {
  const [act, setAct] = useState<Act | undefined>();
  const fitting = actsOf(order);
  const allowed = fitting.filter((one) => may(callOf(one)));
  const needsHelp = order.status === 'failed' || order.status === 'paused';
  const isOver = isUndone(order) && fitting.length === 0;
  const isWithheld = needsHelp && me.value !== undefined && allowed[0] !== fitting[0];
  return (
    <div class="acts">
      <div class="buttons">
        {allowed.map((one) => (
          <button
            key={one}
            type="button"
            class={needsHelp && one === fitting[0] ? 'primary' : undefined}
            onClick={() => setAct(one)}
          >
            {ACT_WORDS[one].name}
          </button>
        ))}
        {!isSlice(order) && (
          <a class={isOver ? 'primary' : 'button'} href={to('/new', { again: order.orderId })}>
            Place again
          </a>
        )}
      </div>
      {isOver && !isSlice(order) && (
        <p class="dim">
          What it had done has been undone. It cannot go on; you can place it again.
        </p>
      )}
      {isWithheld && <p class="dim">An operator can make it go on.</p>}
      {act && <ActDialog act={act} order={order} close={() => setAct(undefined)} done={done} />}
    </div>
  );
}
