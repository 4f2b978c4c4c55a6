import type { PluginStatus } from '../messages.ts';
import type { StatusWords } from '../words/status-words.ts';

const HEALTH: Readonly<Record<PluginStatus['health'], StatusWords>> = {
  ok: { sign: '✓', word: 'well', tone: 'good' },
  bottleneck: { sign: '▲', word: 'bottleneck', tone: 'warn' },
  quarantined: { sign: '❙❙', word: 'in quarantine', tone: 'bad' },
  draining: { sign: '◒', word: 'draining', tone: 'warn' },
  switchedOff: { sign: '○', word: 'switched off', tone: 'dim' },
};

export function healthWords(health: PluginStatus['health']): StatusWords {
  return HEALTH[health] ?? { sign: '·', word: health, tone: 'warn' };
}
