/** A request that changes something. */
export interface Change {
  readonly method: string;
  readonly path: string;
  readonly body: string | Uint8Array;
}

interface Open extends Change {
  readonly key: string;
  readonly askedAt: number;
}

/** Whoever asks for the same thing after that time wants it done once more. Milliseconds. */
const SAME_WITHIN_MS = 15 * 60_000;

/**
 * The idempotency keys of requests of which nobody knows whether they were done: no answer came, or one that says that Baton is unwell. Who
 * asks for the same again asks under the same key, so that it is done once.
 */
export function requestKeys(newKey: () => string, clock: () => number) {
  let open: readonly Open[] = [];
  const isSame = (one: Change, other: Change) =>
    one.method === other.method && one.path === other.path && hasSameBody(one, other);
  return {
    keyOf(change: Change): string {
      open = open.filter(({ askedAt }) => clock() - askedAt < SAME_WITHIN_MS);
      const known = open.find((one) => isSame(one, change));
      if (known !== undefined) return known.key;
      const key = newKey();
      open = [...open, { ...change, key, askedAt: clock() }];
      return key;
    },
    /** It was answered. What was asked of the same thing before is past as well: to pause an order again is not to pause it once. */
    answered(change: Change): void {
      const thing = thingOf(change);
      const isPast = (one: Change) => thing !== undefined && thingOf(one) === thing;
      open = open.filter((one) => !isSame(one, change) && !isPast(one));
    },
  };
}

/** Which order, plugin or other thing a request is about; undefined for one that makes a thing. */
function thingOf({ path }: Change): string | undefined {
  const [, kind, name] = path.split(/[/?]/);
  return name === undefined || !path.startsWith(`/${kind}/`) ? undefined : `${kind}/${name}`;
}

function hasSameBody({ body: one }: Change, { body: other }: Change): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
