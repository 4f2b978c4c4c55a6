import { signal } from '@preact/signals';

const KEY = 'baton.token';

/** The bearer token, if there is one: a Baton on this machine needs none. */
export const token = signal<string | undefined>(
  sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? undefined,
);

/** The API has refused the token, or the lack of one. */
export const isRefused = signal(false);

/** @param forGood false: until the tab is closed */
export function keepToken(given: string, forGood: boolean): void {
  forgetToken();
  (forGood ? localStorage : sessionStorage).setItem(KEY, given);
  token.value = given;
  isRefused.value = false;
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(KEY);
  token.value = undefined;
}

/** `baton open` hands the token over in the fragment, which no server sees; it is gone from the address before anything else happens. */
export function takeTokenFromAddress(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  keepToken(given, false);
}
