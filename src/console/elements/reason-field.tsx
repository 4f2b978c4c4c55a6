/** Why somebody does something, for those who come later. */
export function ReasonField({
  seen,
  reason,
  change,
}: {
  /** Who sees it, or where it stands. */
  readonly seen: string;
  readonly reason: string;
  readonly change: (reason: string) => void;
}) {
  return (
    <label>
      Reason ({seen})
      <input
        value={reason}
        maxLength={1000}
        onInput={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}
