import { useState } from 'preact/hooks';
import { ActButtons } from './act-buttons.tsx';
import { Dialog } from './dialog.tsx';
import { Refusal } from './problem.tsx';
import { ReasonField } from './reason-field.tsx';
import { useAsking } from './use-asking.ts';

/** Says what an act will do, asks why where somebody will read it, and does it. */
export function SureDialog({
  title,
  name,
  effect,
  isHarsh = false,
  reasonSeen,
  perform,
  close,
}: {
  readonly title: string;
  /** On the button. */
  readonly name: string;
  /** What it will do. */
  readonly effect: string;
  readonly isHarsh?: boolean;
  /** Who will see the reason, or where it stands; without it, none is asked for. */
  readonly reasonSeen?: string;
  /** @param request what the API takes: the reason, if one was given */
  readonly perform: (request: { readonly reason?: string }) => Promise<unknown>;
  readonly close: () => void;
}) {
  const [reason, setReason] = useState('');
  const { isBusy, error, ask } = useAsking();
  const given = reason.trim();
  return (
    <Dialog title={title} isBusy={isBusy} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void ask(async () => {
            await perform(given === '' ? {} : { reason: given });
            close();
          });
        }}
      >
        <p>{effect}</p>
        {reasonSeen !== undefined && (
          <ReasonField seen={reasonSeen} reason={reason} change={setReason} />
        )}
        {error !== undefined && <Refusal error={error} />}
        <ActButtons name={name} isHarsh={isHarsh} isBusy={isBusy} leave={close} />
      </form>
    </Dialog>
  );
}
