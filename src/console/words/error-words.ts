/** The codes that Baton itself gives to a failed task, in people's words. */
const CODES: Readonly<Record<string, string>> = {
  TASK_TIMED_OUT: 'gave no answer in time',
  TASK_CANCELLED: 'somebody cancelled it',
  EVENT_TIMEOUT: 'the event did not come in time',
  HEARTBEAT_MISSED: 'fell silent while at work',
  // Its plugin crashed each time, or never began: it is throttled, or cannot start.
  DEAD_LETTERED: 'was sent several times, and never finished',
  EXPRESSION_FAILED: 'an expression of the workflow failed',
  WAIT_TOO_LONG: 'it was to wait for more than a year',
  REPEATED_TOO_OFTEN: 'its activity was repeated as often as it may be',
  INPUT_TOO_LARGE: 'its input is too large to be sent',
  RESULT_TOO_LARGE: 'its result is too large',
  HISTORY_TOO_LARGE: 'the history that it needs is too large to be sent',
  MALFORMED_ANSWER: 'its answer could not be read',
  RESULT_NOT_JSON: 'its result is no JSON',
  RESULT_TOO_DEEP: 'its result is nested too deep',
  PLUGIN_DRAINING: 'it is being removed, and takes nothing new',
  PLUGIN_NOT_REGISTERED: 'it is not registered',
  CHILD_FAILED: 'its order has failed',
  CHILD_CANCELLED: 'its order was cancelled',
  CHILD_LOST: 'the journal of its order is gone',
  CHILD_GOES_ON: 'its earlier order goes on again',
  CHILD_TOO_DEEP: 'too many orders are above it',
  CHILD_NOT_UNDONE: 'what its order had done could not be undone',
  COMPENSATION_FAILED: 'what it had done could not be undone',
};

/** What a code means. A plugin's own code says it itself: `NOT_A_NUMBER` reads "not a number". */
export function codeWords(code: string): string {
  return CODES[code] ?? code.toLowerCase().replaceAll('_', ' ');
}
