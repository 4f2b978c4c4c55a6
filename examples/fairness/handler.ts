import { setTimeout as pause } from 'node:timers/promises';
import { definePlugin } from 'batonflow/sdk';

interface Scene {
  readonly scene: number;
}

/** Renders a scene, which takes a while: a client with many scenes must not keep the others waiting. */
export const render = definePlugin(async ({ scene }: Scene) => {
  await pause(200);
  return { rendered: scene };
});
