import { useState } from 'preact/hooks';
import type { Order } from '../messages.ts';
import { to } from '../router.ts';
import { ActDialog } from './act-dialog.tsx';
import { ACT_WORDS } from './act-words.ts';
import { type Act, possibleActs } from './possible-acts.ts';

/** The acts that fit the order's state; the likeliest is the one that stands out. */
export function OrderActs({ order, done }: { readonly order: Order; readonly done: () => void }) {
  const [act, setAct] = useState<Act | undefined>();
  const needsHelp = order.status === 'failed' || order.status === 'paused';
  return (
    <div class="buttons">
      {possibleActs(order).map((one, index) => (
        <button
          key={one}
          type="button"
          class={needsHelp && index === 0 ? 'primary' : undefined}
          onClick={() => setAct(one)}
        >
          {ACT_WORDS[one].name}
        </button>
      ))}
      <a class="button" href={to('/new', { again: order.orderId })}>
        Place again
      </a>
      {act && <ActDialog act={act} order={order} close={() => setAct(undefined)} done={done} />}
    </div>
  );
}
