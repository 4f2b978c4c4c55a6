import type { AttemptRecord } from '../../core/attempt-records.ts';
import { defined } from '../../core/defined.ts';
import type { Plugins } from '../../core/plugin.ts';
import type { LogLinks } from '../../ports/log-links.ts';

/** Where people read what the attempt of the plugin has written, if that is known. */
export type LogUrlOf = (plugin: string, attempt: AttemptRecord) => string | undefined;

/** The plugins' functions are those that are registered now: one that has another name since has another log. */
export function logUrls(orderId: string, plugins: Plugins, logLinks: LogLinks): LogUrlOf {
  return (plugin, { instance, dispatchedAt, startedAt: from = dispatchedAt, endedAt: to }) => {
    const functionName = plugins.get(plugin)?.functionName;
    if (functionName === undefined) return undefined;
    return logLinks.to({ orderId, functionName, from, ...defined({ instance, to }) });
  };
}
