import { now } from '../reading/clock.ts';
import { durationText, whenText } from '../words/durations.ts';

/** How long ago, or in how long; the exact instant is in its title. */
export function Age({ at }: { readonly at: string | number }) {
  const instant = new Date(at);
  return (
    <time dateTime={instant.toISOString()} title={instant.toLocaleString()}>
      {whenText(now.value - instant.getTime())}
    </time>
  );
}

/** When something is to come. What should have come already comes any moment: nothing is due in the past. */
export function Due({ at }: { readonly at: string }) {
  if (Date.parse(at) <= now.value) return <span>any moment</span>;
  return <Age at={at} />;
}

/** How long it took, or has taken until now. */
export function Took({ from, to }: { readonly from: string; readonly to?: string | undefined }) {
  const end = to === undefined ? now.value : Date.parse(to);
  return <span>{durationText(Math.max(0, end - Date.parse(from)))}</span>;
}
