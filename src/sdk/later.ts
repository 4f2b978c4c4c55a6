/** What `task.later()` returns: no result can be it. */
const LATER = Object.freeze({});

export function later(): never {
  // To the compiler it is no result at all, so that a function's other results are its type.
  return LATER as never;
}

/** Whether the function has left its task to somebody else. */
export function isLater(returned: unknown): returned is typeof LATER {
  return returned === LATER;
}
