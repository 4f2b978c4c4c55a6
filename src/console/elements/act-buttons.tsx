/** The end of a dialog: do it, or leave it. */
export function ActButtons({
  name,
  isHarsh,
  isDisabled = false,
  leave,
}: {
  readonly name: string;
  /** What is hard to take back does not invite a press. */
  readonly isHarsh: boolean;
  readonly isDisabled?: boolean;
  readonly leave: () => void;
}) {
  return (
    <div class="buttons">
      <button type="submit" class={isHarsh ? 'danger' : 'primary'} disabled={isDisabled}>
        {name}
      </button>
      <button type="button" onClick={leave}>
        Leave it
      </button>
    </div>
  );
}
