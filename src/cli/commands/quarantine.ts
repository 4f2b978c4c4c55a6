import * as paths from '../../client/paths.ts';
import { defined } from '../../core/defined.ts';
import { json } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import type { QuarantineReceipt } from '../responses.ts';

/** `baton plugins quarantine NAME`, `baton plugins drain NAME` and `baton plugins reopen NAME` */
export const addQuarantine: AddCommand = (plugins, setExitCode) => {
  const add = (act: string, description: string, done: string) =>
    plugins
      .command(act)
      .description(description)
      .argument('<name>')
      .option('--reason <text>', 'why; the plugin and its orders show it')
      .action(
        action(
          setExitCode,
          async ({ api, terminal }, { reason }: { reason?: string }, name: string) => {
            const path = paths.plugin(name, act);
            const receipt = await api.post<QuarantineReceipt>(path, json(defined({ reason })));
            terminal.result(receipt, () => `${name} ${done}`);
            return undefined;
          },
        ),
      );
  add(
    'quarantine',
    'hold a plugin back: its tasks are parked until it is reopened',
    'is in quarantine',
  );
  add(
    'drain',
    'give a plugin nothing new: it finishes what it has, the rest is parked until it is reopened',
    'drains: it finishes what it has, and gets nothing new',
  );
  add('reopen', 'end the quarantine of a plugin, or its draining', 'reopens');
};
