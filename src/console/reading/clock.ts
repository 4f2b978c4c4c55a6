import { signal } from '@preact/signals';

/** Milliseconds since 1970, once a second. Only what shows an age reads it, so nothing else is drawn again. */
export const now = signal(Date.now());

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);
