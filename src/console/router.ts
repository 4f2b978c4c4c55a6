import { signal } from '@preact/signals';
import { type Query, queryText } from './query.ts';

const BASE = '/console';

/** The page's address. Filters stand in it, so a view can be sent to a colleague, kept, and gone back to. */
export const address = signal(new URL(location.href));

/** The parts of the address below `/console`: `['orders', 'o-1']`. */
export function partsOf({ pathname }: URL): readonly string[] {
  return pathname.slice(BASE.length).split('/').filter(Boolean).map(decodeURIComponent);
}

/** An address of this page: `to('/orders', { status: 'failed' })`. */
export function to(path: string, query: Query = {}): string {
  return BASE + (path === '/' ? '' : path) + queryText(query);
}

export const orderPath = (orderId: string) => to(`/orders/${encodeURIComponent(orderId)}`);

/** Whether the page was reached by the browser's "back" or "forward": then it stands as it was left. */
export const isBackAgain = () => isBack;
let isBack = false;

export function go(href: string, { replace = false } = {}): void {
  isBack = false;
  if (!replace) history.replaceState({ scrolled: scrollY }, '');
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  const before = address.value.pathname;
  address.value = new URL(location.href);
  if (before === address.value.pathname) return;
  scrollTo(0, 0);
  // Whoever listens to the page hears where it is now.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('main')?.focus());
}

/** Links within the console change the address only; all others are the browser's. */
export function followLinks(): void {
  addEventListener('popstate', ({ state }) => {
    isBack = true;
    address.value = new URL(location.href);
    // Once the screen is drawn: what it shows at once is as long as it was.
    const { scrolled } = (state ?? {}) as { scrolled?: number };
    if (scrolled !== undefined) {
      requestAnimationFrame(() => setTimeout(() => scrollTo(0, scrolled)));
    }
  });
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest?.('a');
    const isPlain =
      event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented || link.target !== '') return;
    if (link.origin !== location.origin || !link.pathname.startsWith(BASE)) return;
    if (link.hash !== '') return;
    event.preventDefault();
    go(link.href);
  });
}
