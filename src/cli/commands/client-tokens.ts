import type { Command } from 'commander';
import * as paths from '../../client/paths.ts';
import { json } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action, readCount } from '../command.ts';
import { allPages } from '../pages.ts';
import type { NewTokenView, TokenView } from '../responses.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface TokenOptions {
  readonly name?: string;
  readonly expiresInDays?: number;
}

/** `baton clients token|tokens|revoke` */
export function addClientTokens(clients: Command, setExitCode: Parameters<AddCommand>[1]): void {
  clients
    .command('token')
    .description('make a token with which the client sends and sees its own orders')
    .argument('<clientId>')
    .option('--name <text>', 'its purpose')
    .option('--expires-in-days <days>', 'it is refused after so many days', readCount)
    .action(
      action(setExitCode, async ({ api, terminal }, options: TokenOptions, clientId: string) => {
        const { body } = await api.post<NewTokenView>(paths.tokens(clientId), json(options));
        terminal.note('The token is shown only once:');
        terminal.result(body, () => body.token);
        return undefined;
      }),
    );
  clients
    .command('tokens')
    .description('list the tokens of a client by their first characters')
    .argument('<clientId>')
    .action(
      action(setExitCode, async ({ api, terminal }, _: object, clientId: string) => {
        const list = await allPages<'tokens', TokenView>(api, paths.tokens(clientId), 'tokens');
        terminal.result(list, () => draw(list.tokens, terminal));
        return undefined;
      }),
    );
  clients
    .command('revoke')
    .description('revoke a token; within five minutes it is refused')
    .argument('<clientId>')
    .argument('<prefix>', 'first characters of the token, as `baton clients tokens` lists them')
    .action(
      action(
        setExitCode,
        async ({ api, terminal }, _: object, clientId: string, prefix: string) => {
          const token = await api.delete<TokenView>(paths.token(clientId, prefix));
          terminal.result(token, () => `${token.prefix}… revoked`);
          return undefined;
        },
      ),
    );
}

function draw(tokens: readonly TokenView[], terminal: Terminal): string {
  if (tokens.length === 0) return 'no tokens; make one with: baton clients token CLIENT';
  return table(
    tokens,
    [
      { title: 'token', value: ({ prefix }) => `${prefix}…` },
      { title: 'name', value: ({ name }) => name, flexible: true },
      { title: 'made', value: ({ createdAt }) => createdAt },
      { title: 'ends', value: ({ expiresAt = 'never' }) => expiresAt },
    ],
    terminal,
  );
}
