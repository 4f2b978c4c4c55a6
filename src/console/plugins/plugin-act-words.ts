import type { PluginAct } from './possible-plugin-acts.ts';

interface PluginActWords {
  /** On the button. */
  readonly name: string;
  /** What it will do. */
  readonly effect: string;
  readonly isHarsh: boolean;
}

export const PLUGIN_ACT_WORDS: Readonly<Record<PluginAct, PluginActWords>> = {
  quarantine: {
    name: 'Hold it back',
    effect:
      'It gets no new tasks: they are parked, and their clocks stand still. What is in its queue and at work goes on. No canary tries it; it stays so until somebody reopens it.',
    isHarsh: true,
  },
  drain: {
    name: 'Drain it',
    effect:
      'It finishes what it has, retries included. New tasks are parked, and their clocks stand still, until somebody reopens it.',
    isHarsh: true,
  },
  reopen: {
    name: 'Reopen it',
    effect:
      'It gets tasks again. Those that were parked are sent in waves, so that it is not flooded.',
    isHarsh: false,
  },
};
