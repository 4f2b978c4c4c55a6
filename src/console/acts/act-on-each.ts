/** So many requests are under way at once: what a person has chosen is soon done, and the API hardly feels it. */
const AT_ONCE = 4;

export interface Outcome {
  readonly orderId: string;
  /** Why the act was refused; absent where it was done. */
  readonly error?: unknown;
}

/**
 * Does one act to each of some orders, and tells of each as soon as it is over. One that is refused stops none of the others.
 * @param isStopped asked before each order; what is under way then still ends
 */
export async function actOnEach(
  orderIds: readonly string[],
  act: (orderId: string) => Promise<unknown>,
  tell: (outcome: Outcome) => void,
  isStopped: () => boolean = () => false,
): Promise<void> {
  const left = orderIds.values();
  const work = async () => {
    for (const orderId of left) {
      if (isStopped()) return;
      tell(
        await act(orderId).then(
          () => ({ orderId }),
          (error: unknown) => ({ orderId, error }),
        ),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
