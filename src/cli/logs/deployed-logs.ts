import type { PluginView } from '../responses.ts';
import { shellWords } from '../shell-words.ts';

/** Which lines, as for a local log. */
export interface WhichLines {
  readonly orderId?: string | undefined;
  /** Instant from which lines are wanted. Default: ten minutes ago, as `aws logs tail` has it. */
  readonly since?: string | undefined;
  readonly follow?: boolean | undefined;
}

/** What shows the logs of deployed plugins: commands of the AWS CLI, whose credentials and profiles are the reader's own. */
export function commandsFor(
  plugins: readonly Pick<PluginView, 'functionName'>[],
  { orderId, since, follow }: WhichLines,
): readonly string[] {
  return plugins.flatMap(({ functionName }) =>
    functionName === undefined
      ? []
      : [
          shellWords([
            ...['aws', 'logs', 'tail', `/aws/lambda/${functionName}`, '--format', 'short'],
            ...(orderId === undefined ? [] : ['--filter-pattern', `{ $.orderId = "${orderId}" }`]),
            ...(since === undefined ? [] : ['--since', since]),
            ...(follow ? ['--follow'] : []),
          ]),
        ],
  );
}
