import { signal } from '@preact/signals';
import { readViews, type View, withView } from './view.ts';

const KEY = 'baton.views';

/** The views that are kept in this browser, by name. */
export const views = signal<readonly View[]>(readViews(localStorage.getItem(KEY)));

/** A view of the same name is replaced. */
export function keepView(view: View): void {
  store(withView(views.value, view));
}

export function forgetView(name: string): void {
  store(views.value.filter((one) => one.name !== name));
}

function store(next: readonly View[]): void {
  views.value = next;
  localStorage.setItem(KEY, JSON.stringify(next));
}
