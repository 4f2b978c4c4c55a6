import middy from '@middy/core';
import type { SNSEvent } from 'aws-lambda';
import * as z from 'zod';
import { readJson } from '../../contract/json-text.ts';
import { parse } from '../../contract/parse.ts';
import type { Plugin } from '../../core/plugin.ts';
import type { Registry } from '../../ports/registry.ts';
import { logger } from '../logger.ts';
import type { StepPorts } from './step.ts';
import { measure, step } from './step.ts';
import { switchOn } from './switching.ts';

export interface RescalePorts extends StepPorts {
  readonly registry: Registry;
  /** `<system>-<stage>`: what the names of the plugins' queues begin with. */
  readonly prefix: string;
}

/** Of an alarm's message, what matters. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
const alarmSchema = z.object({
  AlarmName: z.string(),
  NewStateValue: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
  Trigger: z.object({
    Dimensions: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  }),
});

const awaitedSchema = z.object({ type: z.literal('plugin.awaited'), plugin: z.string() });

const messageSchema = z.union([awaitedSchema, alarmSchema]);

/** Whoever loses the race for a record this often gives the message back. */
const MAX_RACES = 5;

/** Hears the alarms on plugins' queues, and of tasks for plugins that are switched off. */
export function makeRescale(ports: RescalePorts) {
  return middy<SNSEvent, void>().handler(async ({ Records }: SNSEvent) => {
    for (const { Sns } of Records) {
      const message = parse(messageSchema, readJson(Sns.Message));
      const plugins = await ports.registry.plugins({ fresh: true });
      if ('type' in message) {
        const plugin = plugins.get(message.plugin);
        // Another message about it may have been faster.
        if (plugin?.switchedOff) await switchOn(plugin, ports);
        continue;
      }
      const name = pluginIn(message, ports.prefix);
      const plugin = name === undefined ? undefined : plugins.get(name);
      const { AlarmName: alarm, NewStateValue: state } = message;
      if (plugin !== undefined && state !== 'INSUFFICIENT_DATA') {
        await heed(plugin, alarm, state === 'ALARM', ports);
      } else logger.info('alarm of no plugin', { alarm, state });
    }
  });
}

/** The alarm's name goes into the record, or out of it; its first and its last are a step of their own. */
async function heed(
  plugin: Plugin,
  alarm: string,
  rings: boolean,
  ports: RescalePorts,
): Promise<void> {
  for (let race = 0; race < MAX_RACES; race += 1) {
    const read = await ports.bottlenecks.get(plugin.name);
    const before = read?.alarms ?? [];
    if (before.includes(alarm) === rings) return;
    const after = rings ? [...before, alarm] : before.filter((one) => one !== alarm);
    const isAnother = read !== undefined && before.length > 0 && after.length > 0;
    const stored = isAnother
      ? await ports.bottlenecks.put({ ...read, alarms: after }, read)
      : await step(plugin, after, read, await measure(plugin, ports), ports);
    if (stored) return;
  }
  throw new Error(`plugin ${plugin.name}: ${MAX_RACES} writers were faster`);
}

/** The plugin whose queue the alarm watches; dead-letter queues have alarms too, for people to look at. */
function pluginIn({ Trigger }: z.output<typeof alarmSchema>, prefix: string): string | undefined {
  const queue = Trigger.Dimensions.find(({ name }) => name === 'QueueName')?.value ?? '';
  const start = `${prefix}-plugin-`;
  return queue.startsWith(start) && !queue.endsWith('-dead')
    ? queue.slice(start.length)
    : undefined;
}
