import { definePlugin } from 'batonflow/sdk';

interface Letter {
  readonly to: string;
}

/** Posts a letter. It need not know that others go with it: each is a task, and answered for by itself. */
export const post = definePlugin(({ to }: Letter) => ({ posted: to }));
