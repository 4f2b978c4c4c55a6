import type { OrderEvent, Run } from '../../src/core/event.ts';
import type { Plugin } from '../../src/core/plugin.ts';
import type { Activity, Todo } from '../../src/core/workflow.ts';
import type { Span } from '../../src/ports/traces.ts';
import { orderWorld } from './order-under-way.ts';

export type TracedWorld = Awaited<ReturnType<typeof tracedWorld>>;

/** Orders whose spans are kept in `spans`, in the order in which they were sent. */
export async function tracedWorld(
  steps: Todo | readonly Activity[],
  ratio = 1,
  plugins?: readonly Plugin[],
) {
  const spans: Span[] = [];
  const traces = { ratio, send: async (more: readonly Span[]) => void spans.push(...more) };
  return { ...(await orderWorld(steps, plugins, traces)), spans };
}

export const completed = (world: TracedWorld, taskId: string) =>
  ({ type: 'TaskCompleted', at: world.now(), taskId, attempt: 1, result: 1 }) as const;

export const failed = (at: number, taskId: string, attempt = 1, ran?: Run): OrderEvent => ({
  ...{ type: 'TaskFailed', at, taskId, attempt, retry: 'policy' },
  ...{ error: { code: 'BROKEN', message: 'of 4711 Main Street' }, ...(ran && { ran }) },
});

/** The spans as a tree: what each is called, how many seconds after the first one it began and ended, and why it failed. */
export function picture(spans: readonly Span[]): readonly string[] {
  const first = Math.min(...spans.map(({ startedAt }) => startedAt));
  const seconds = (at: number) => (at - first) / 1000;
  const drawn = (span: Span): string[] => [
    `${span.name} ${seconds(span.startedAt)}-${seconds(span.endedAt)} ${span.error ?? ''}`.trim(),
    ...spans
      .filter(({ parentSpanId }) => parentSpanId === span.spanId)
      .flatMap((child) => drawn(child).map((line) => `  ${line}`)),
  ];
  return spans.filter(({ kind }) => kind === 'server').flatMap(drawn);
}
