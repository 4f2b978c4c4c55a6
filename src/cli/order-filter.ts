import type { Command } from 'commander';
import { ORDER_STATUSES } from '../contract/requests.ts';
import { defined } from '../core/defined.ts';
import type { Attributes } from '../core/order.ts';
import { readAttribute } from './attributes.ts';
import { readChoice } from './choices.ts';
import { readCount } from './command.ts';
import { readTime } from './times.ts';

/** Which orders are meant, as options of a command. */
export interface FilterOptions {
  readonly status?: readonly string[];
  readonly workflow?: string;
  readonly workflowVersion?: number;
  readonly client?: string;
  readonly plugin?: string;
  readonly errorCode?: string;
  readonly pausedBy?: string;
  readonly from?: string;
  readonly to?: string;
  readonly attribute?: Attributes;
  readonly idPrefix?: string;
}

/** Adds the options that say which orders are meant. */
export function withFilterOptions(command: Command): Command {
  return command
    .option(
      '--status <status>',
      `${ORDER_STATUSES.join(', ')}; may be given several times`,
      (text, earlier: readonly string[] = []) => [...earlier, readChoice(text, ORDER_STATUSES)],
    )
    .option('--workflow <name>', 'only orders of this workflow')
    .option('--workflow-version <n>', 'only those with this version of it', readCount)
    .option('--client <id>', 'only orders of this client')
    .option('--plugin <name>', 'only orders that wait for this plugin, or failed because of it')
    .option('--error-code <code>', 'only orders that failed with this code')
    .option('--paused-by <operation>', 'only those that this operation has paused')
    .option(
      '--from <time>',
      'only those accepted since: an instant, or an age such as 2h',
      readTime,
    )
    .option('--to <time>', 'only those accepted before', readTime)
    .option(
      '--attribute <name=value>',
      'only those with this attribute; may be given several times',
      readAttribute,
    )
    .option('--id-prefix <text>', 'only those whose id begins so');
}

/** The filter as the API names it. */
export function filterOf(options: FilterOptions) {
  const { status: statuses, workflow, workflowVersion: version, client } = options;
  const status = statuses?.length === 1 ? statuses[0] : statuses;
  const { plugin, errorCode, pausedBy, from, to, attribute: attributes, idPrefix } = options;
  const about = { status, workflow, version, client, plugin, errorCode, pausedBy, from, to };
  return defined({ ...about, attributes, idPrefix });
}

/** The filter as the query of `GET /orders` has it. */
export function filterQuery(options: FilterOptions): [string, string][] {
  const { status = [], attributes = {}, ...rest } = filterOf(options);
  return [
    ...[status].flat().map((one): [string, string] => ['status', one]),
    ...Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]),
    ...Object.entries(attributes).map(([name, value]): [string, string] => [
      `attribute.${name}`,
      String(value),
    ]),
  ];
}
