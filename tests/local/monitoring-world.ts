import type { QueueSample } from '../../infra/local/embedded/queue-sample.ts';
import type { Alarm } from '../../infra/local/monitoring/alarm.ts';
import type { AlarmChange } from '../../infra/local/monitoring/alarm-message.ts';
import { Monitoring, type MonitoringOptions } from '../../infra/local/monitoring/monitoring.ts';

const IDLE: QueueSample = { visible: 0, inFlight: 0, delayed: 0, oldestSeconds: 0, deleted: 0 };

/** A local CloudWatch over a clock, queues and functions that the test sets. */
export function monitoringWorld(
  options: Partial<MonitoringOptions> & { alarms?: () => Alarm[] } = {},
) {
  let now = Date.parse('2026-11-21T12:00:00Z');
  const queues: Record<string, QueueSample> = {};
  const instances: Record<string, number> = {};
  const changes: AlarmChange[] = [];
  const problems: string[] = [];
  let minutes = 0;
  const monitoring = new Monitoring({
    alarms: () => [],
    instances: () =>
      Object.entries(instances).map(([functionName, count]) => ({
        functionName,
        instances: count,
      })),
    now: () => now,
    report: (problem) => problems.push(problem),
    ...options,
  });
  const host = {
    readQueues: async () => structuredClone(queues),
    changed: async (change: AlarmChange) => void changes.push(change),
    minuteEnded: () => {
      minutes += 1;
    },
  };
  return {
    monitoring,
    host,
    instances,
    changes,
    problems,
    minutes: () => minutes,
    now: () => now,
    queue: (name: string, sample: Partial<QueueSample>) => {
      queues[name] = { ...IDLE, ...queues[name], ...sample };
    },
    /** Lets so many seconds pass, with a sample every five. */
    pass: async (seconds: number, every = 5) => {
      for (let passed = 0; passed < seconds; passed += every) {
        now += every * 1000;
        await monitoring.tick(host);
      }
    },
  };
}
