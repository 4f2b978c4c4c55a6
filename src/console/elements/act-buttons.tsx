/** The end of a dialog: do it, or leave it. */
export function ActButtons({
  name,
  isHarsh,
  isBusy = false,
  isDisabled = false,
  leave,
}: {
  readonly name: string;
  /** What is hard to take back does not invite a press. */
  readonly isHarsh: boolean;
  /** It is under way; what comes of it is waited for. */
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  readonly leave: () => void;
}) {
  return (
    <div class="buttons">
      <button type="submit" class={isHarsh ? 'danger' : 'primary'} disabled={isDisabled || isBusy}>
        {isBusy ? 'Asking …' : name}
      </button>
      <button type="button" disabled={isBusy} onClick={leave}>
        Leave it
      </button>
    </div>
  );
}
