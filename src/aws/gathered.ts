/**
 * Performs in one go what is asked for under one key in one turn of the event loop, by callers that know nothing of each other. Each of
 * them is told what became of all.
 */
export function gathered<Asked, Answer>(
  keyOf: (one: Asked) => string,
  perform: (all: readonly Asked[]) => Promise<Answer>,
): (one: Asked) => Promise<Answer> {
  const open = new Map<string, { readonly all: Asked[]; readonly answer: Promise<Answer> }>();

  const begun = (key: string) => {
    const all: Asked[] = [];
    const answer = allHaveAsked().then(() => {
      open.delete(key);
      return perform(all);
    });
    const gathering = { all, answer };
    open.set(key, gathering);
    return gathering;
  };

  return (one) => {
    const key = keyOf(one);
    const { all, answer } = open.get(key) ?? begun(key);
    all.push(one);
    return answer;
  };
}

/** When all has gone on that waits for nothing from outside of this process. */
function allHaveAsked(): Promise<void> {
  return new Promise((resolve) => {
    void Promise.resolve().then(() => process.nextTick(resolve));
  });
}
