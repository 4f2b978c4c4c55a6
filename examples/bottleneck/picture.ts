import { formatSeconds } from '../../src/cli/durations.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { PluginStatus } from './workshop.ts';

/** One line of the live picture: how far it is, who works, and who is in the way. */
export function drawEvery(lineMs: number, terminal: Pick<Terminal, 'paint'>) {
  const since = performance.now();
  let drawn = Number.NEGATIVE_INFINITY;
  return (left: number, plugin: PluginStatus, instances: number): void => {
    const now = performance.now();
    if (now - drawn < lineMs) return;
    drawn = now;
    const { ceiling, now: atMost } = plugin.concurrency;
    const hands = '▮'.repeat(instances) + '▯'.repeat(Math.max(0, ceiling - instances));
    const seconds = `${Math.round((now - since) / 1000)} s`;
    console.log(
      [
        terminal.paint('dim', seconds.padStart(6)),
        `${String(left).padStart(3)} orders to go`,
        `${plugin.name} ${String(plugin.queued ?? 0).padStart(3)} waiting`,
        `${hands} at most ${atMost}`,
        terminal.paint('yellow', sayBottleneck(plugin)),
      ].join('  '),
    );
  };
}

function sayBottleneck({ bottleneck }: PluginStatus): string {
  if (bottleneck === undefined) return '';
  const { cause, timeToDrainSeconds: seconds } = bottleneck;
  return `◀ bottleneck: ${cause}${seconds === null ? '' : `, drained in ${formatSeconds(seconds)}`}`;
}
