import { setTimeout as pause } from 'node:timers/promises';
import { definePlugin } from 'batonflow/sdk';
import * as z from 'zod';

const film = z.object({ frames: z.int().min(1), msPerFrame: z.number().min(0) });

/** Renders a film, frame by frame, for as long as that takes: here a pause stands for the work on a frame. */
export const render = definePlugin(
  async ({ frames, msPerFrame }, task) => {
    task.log.info('rendering', { frames });
    for (let frame = 1; frame <= frames; frame += 1) {
      // The signal fires when the worker is to stop, too: what throws then is put off, and another worker begins again.
      await pause(msPerFrame, undefined, { signal: task.signal });
      await task.heartbeat();
    }
    return { frames };
  },
  { input: film, heartbeatEverySeconds: 20 },
);
