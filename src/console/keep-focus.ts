/** Where the focus was last: what had it, and what that stood in, from near to far. */
interface Place {
  readonly element: Element;
  readonly around: readonly Element[];
}

/**
 * Whoever works with the keyboard stays where they were. What had the focus may be gone after an act: a dialog, or a button that fits no
 * longer. Then the first control beside it has the focus, or else the page's content, and not the page as a whole.
 */
export function keepFocus(): void {
  let place: Place | undefined;
  addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) place = { element: target, around: ancestorsOf(target) };
  });
  // A press beside it takes the focus away on purpose.
  addEventListener('pointerdown', ({ target }) => {
    if (place?.element.contains(target as Node) === false) place = undefined;
  });
  const changes = new MutationObserver(() => {
    if (place === undefined || place.element.isConnected) return;
    if (document.activeElement !== document.body) return;
    const near = place.around.find((one) => one.isConnected && one !== document.body);
    const control = near?.querySelector<HTMLElement>('button:enabled, a[href]');
    const isNear = near !== undefined && near.closest('main') !== null && !near.matches('main');
    const next = isNear ? control : undefined;
    (next ?? document.querySelector<HTMLElement>('main'))?.focus({ preventScroll: true });
  });
  changes.observe(document.body, { childList: true, subtree: true });
}

function ancestorsOf(element: Element): readonly Element[] {
  const { parentElement } = element;
  return parentElement === null ? [] : [parentElement, ...ancestorsOf(parentElement)];
}
