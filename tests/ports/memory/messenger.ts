import type { Messenger, OutgoingMessage } from '../../../src/ports/messenger.ts';

export interface MemoryMessenger extends Messenger {
  /** All that has been sent and not yet been taken away. */
  readonly sent: OutgoingMessage[];
}

export function createMemoryMessenger(): MemoryMessenger {
  const sent: OutgoingMessage[] = [];

  return {
    sent,
    async send(messages) {
      sent.push(...structuredClone(messages));
      return [];
    },
  };
}
