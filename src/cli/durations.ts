/** A duration for people: `840 ms`, `12.3 s`, `4 min 5 s`, `3 h 20 min`. */
export function formatMs(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? both(minutes, 'min', seconds % 60, 's')
    : both(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function both(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}

export function formatSeconds(seconds: number): string {
  return formatMs(seconds * 1000);
}

/** An instant in local time: `2026-11-21 14:03:07`. */
export function formatInstant(instant: number | string): string {
  const date = new Date(instant);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${timeOf(date)}`;
}

/** The time of an instant's day, in local time: `14:03:07.042`. */
export function formatClock(instant: number | string): string {
  const date = new Date(instant);
  return `${timeOf(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

const timeOf = (date: Date): string =>
  `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

const two = (value: number): string => String(value).padStart(2, '0');
