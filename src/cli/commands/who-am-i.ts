import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import type { MeView } from '../responses.ts';

/** `baton whoami` */
export const addWhoAmI: AddCommand = (program, setExitCode) => {
  program
    .command('whoami')
    .description('show whose token this command uses, and what it may do')
    .action(
      action(setExitCode, async ({ api, terminal }) => {
        const me = await api.get<MeView>('/me');
        terminal.result(me, () => draw(me, api.url));
        return undefined;
      }),
    );
};

function draw(me: MeView, url: string): string {
  const who = [me.kind, me.name ?? me.client].filter((one) => one !== undefined).join(' ');
  if (me.kind === 'operator') return `${who} at ${url}, who may do everything`;
  const retries = me.mayRetry ? ', and may retry its own orders' : '';
  const calls = (me.calls ?? []).map((call) => `  ${call}`);
  return [`${who} at ${url}${retries}`, ...calls].join('\n');
}
