import { now } from '../reading/clock.ts';
import { contact, lookAgain } from '../reading/use-polled.ts';
import { agoText } from '../words/durations.ts';

/** How old is what the page shows; in a banner of its own once Baton has stopped answering. */
export function Contact() {
  const { at, lost } = contact.value;
  const age = at === undefined ? undefined : agoText(now.value - at);
  if (!lost) {
    return (
      <span class="contact" title="When this page last heard from Baton">
        {age === undefined ? '' : `read ${age}`}
      </span>
    );
  }
  return (
    <div class="lost" role="status">
      Baton does not answer.{age !== undefined && ` What you see was read ${age}.`}{' '}
      <button type="button" class="quiet" onClick={lookAgain}>
        Try again
      </button>
    </div>
  );
}
