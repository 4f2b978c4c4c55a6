import middy from '@middy/core';
import type { SNSEvent } from 'aws-lambda';
import * as z from 'zod';
import { readJson } from '../../contract/json-text.ts';
import { parse } from '../../contract/parse.ts';
import { readPluginQueue } from '../../contract/plugin-queues.ts';
import type { Plugin } from '../../core/plugin.ts';
import type { Registry } from '../../ports/registry.ts';
import { logger } from '../logger.ts';
import { switchOn } from './switching.ts';
import type { StepPorts } from './take-step.ts';
import { measurePlugin, takeStep } from './take-step.ts';

export interface RescalePorts extends StepPorts {
  readonly registry: Registry;
  /** `<system>-<stage>`: the names of the plugins' queues begin with it. */
  readonly prefix: string;
}

/** The parts of an alarm's message that are read. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
const alarmSchema = z.object({
  AlarmName: z.string(),
  NewStateValue: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
  Trigger: z.object({
    Dimensions: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  }),
});

/** The fact that a task was sent to a plugin which is switched off. */
const awaitedSchema = z.object({
  type: z.literal('plugin.awaited'),
  data: z.object({ plugin: z.string() }),
});

const messageSchema = z.union([awaitedSchema, alarmSchema]);

/** After losing so many races for a record, the function fails: SNS delivers the message again. */
const MAX_RACES = 5;

/** Reacts to the alarms on plugins' queues, and to tasks for plugins that are switched off. */
export function makeRescale(ports: RescalePorts) {
  return middy<SNSEvent, void>().handler(async ({ Records }: SNSEvent) => {
    for (const { Sns } of Records) {
      const message = parse(messageSchema, readJson(Sns.Message));
      const plugins = await ports.registry.plugins({ fresh: true });
      if ('type' in message) {
        const plugin = plugins.get(message.data.plugin);
        // An earlier message may have switched it on already.
        if (plugin?.switchedOff) await switchOn(plugin, ports);
        continue;
      }
      const name = pluginIn(message, ports.prefix);
      const plugin = name === undefined ? undefined : plugins.get(name);
      const { AlarmName: alarm, NewStateValue: state } = message;
      if (plugin !== undefined && state !== 'INSUFFICIENT_DATA') {
        await recordAlarm(plugin, alarm, state === 'ALARM', ports);
      } else logger.info('alarm of no plugin', { alarm, state });
    }
  });
}

/** Adds the alarm to the plugin's record, or removes it. The first alarm to ring and the last to end also take a step. */
async function recordAlarm(
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
    const othersRing = read !== undefined && before.length > 0 && after.length > 0;
    const stored = othersRing
      ? await ports.bottlenecks.put({ ...read, alarms: after }, read)
      : await takeStep(plugin, after, read, await measurePlugin(plugin, ports), ports);
    if (stored) return;
  }
  throw new Error(`plugin ${plugin.name}: ${MAX_RACES} writers were faster`);
}

/** The plugin whose queue the alarm watches. Alarms on dead-letter queues are left to people. */
function pluginIn({ Trigger }: z.output<typeof alarmSchema>, prefix: string): string | undefined {
  const queueName = Trigger.Dimensions.find(({ name }) => name === 'QueueName')?.value ?? '';
  const queue = readPluginQueue(queueName, prefix);
  return queue?.isDeadLetterQueue ? undefined : queue?.plugin;
}
