import { formatSeconds } from '../../src/cli/durations.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { PluginStatus } from './workshop.ts';

/** Prints a line of the live picture at most every `lineMs`: orders left, instances at work, and the bottleneck. */
export function drawEvery(lineMs: number, terminal: Pick<Terminal, 'paint'>) {
  const since = performance.now();
  let drawn = Number.NEGATIVE_INFINITY;
  return (left: number, plugin: PluginStatus, instances: number): void => {
    const now = performance.now();
    if (now - drawn < lineMs) return;
    drawn = now;
    const { ceiling, now: atMost } = plugin.concurrency;
    const instanceBar = '▮'.repeat(instances) + '▯'.repeat(Math.max(0, ceiling - instances));
    const seconds = `${Math.round((now - since) / 1000)} s`;
    console.log(
      [
        terminal.paint('dim', seconds.padStart(6)),
        `${String(left).padStart(3)} orders to go`,
        `${plugin.name} ${String(plugin.queued ?? 0).padStart(3)} waiting`,
        `${instanceBar} at most ${atMost}`,
        terminal.paint('yellow', formatBottleneck(plugin)),
      ].join('  '),
    );
  };
}

function formatBottleneck({ bottleneck }: PluginStatus): string {
  if (bottleneck === undefined) return '';
  const { cause, timeToDrainSeconds: seconds } = bottleneck;
  return `◀ bottleneck: ${cause}${seconds === null ? '' : `, drained in ${formatSeconds(seconds)}`}`;
}
