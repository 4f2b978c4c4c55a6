import { useState } from 'preact/hooks';
import { ActDialog } from '../acts/act-dialog.tsx';
import type { Order } from '../messages.ts';
import { may } from '../reading/me.ts';

const NAME = 'Answer in its stead';

/** A task that waits for a callback: who answers it, and, for who may, the answer in that one's stead. */
export function AnswerInstead({
  order,
  job,
  done,
}: {
  readonly order: Order;
  readonly job: string;
  readonly done: () => void;
}) {
  const [isAsked, setAsked] = useState(false);
  return (
    <div class="note">
      <p>
        Its plugin left it open. Whoever got its token answers it, be it a person or another system.
      </p>
      {may('POST /orders/{orderId}/skip') && (
        <>
          <p class="dim">
            If nobody will, give its result yourself. To turn it down, cancel the task.
          </p>
          <button type="button" onClick={() => setAsked(true)}>
            {NAME}
          </button>
        </>
      )}
      {isAsked && (
        <ActDialog
          act="skip"
          name={NAME}
          job={job}
          order={order}
          close={() => setAsked(false)}
          done={done}
        />
      )}
    </div>
  );
}
