import { definePlugin, PermanentError } from 'batonflow/sdk';

interface Assessment {
  readonly headline: string;
  readonly occurredAt: string;
}

/** Writes an assessed event down for the duty log. */
export const dutyLog = definePlugin(({ headline, occurredAt }: Assessment, task) => {
  const time = new Date(occurredAt);
  if (Number.isNaN(time.getTime())) {
    throw new PermanentError('NOT_A_TIME', 'occurredAt is not an instant');
  }
  return {
    id: `${task.orderId}/${task.job}`,
    line: `${time.toISOString().slice(11, 16)} ${headline}`,
  };
});
