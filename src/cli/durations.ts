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
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
