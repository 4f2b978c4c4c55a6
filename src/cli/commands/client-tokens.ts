import type { Command } from 'commander';
import type { NewTokenView, TokenView } from '../answers.ts';
import { json } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { allPages } from '../pages.ts';
import { table } from '../table.ts';

/** `baton clients token|tokens|revoke` */
export function addClientTokens(clients: Command, leave: Parameters<AddCommand>[1]): void {
  clients
    .command('token')
    .description('make a token with which the client posts and sees its own orders')
    .argument('<clientId>')
    .option('--name <text>', 'what it is for')
    .action(
      action(leave, async ({ api, terminal }, options: { name?: string }, clientId: string) => {
        const { body } = await api.post<NewTokenView>(pathOf(clientId), json(options));
        terminal.note('The token is shown this once:');
        terminal.result(body, () => body.token);
        return undefined;
      }),
    );
  clients
    .command('tokens')
    .description('list the tokens of a client, by what they begin with')
    .argument('<clientId>')
    .action(
      action(leave, async ({ api, terminal }, _: object, clientId: string) => {
        const answer = await allPages<'tokens', TokenView>(api, pathOf(clientId), 'tokens');
        terminal.result(answer, () => draw(answer.tokens, (text) => terminal.paint('bold', text)));
        return undefined;
      }),
    );
  clients
    .command('revoke')
    .description('take a token back; within five minutes it is refused')
    .argument('<clientId>')
    .argument('<prefix>', 'what the token begins with, as `baton clients tokens` lists it')
    .action(
      action(leave, async ({ api, terminal }, _: object, clientId: string, prefix: string) => {
        const path = `${pathOf(clientId)}/${encodeURIComponent(prefix)}`;
        const token = await api.delete<TokenView>(path);
        terminal.result(token, () => `${token.prefix}… revoked`);
        return undefined;
      }),
    );
}

function pathOf(clientId: string): string {
  return `/clients/${encodeURIComponent(clientId)}/tokens`;
}

function draw(tokens: readonly TokenView[], title: (text: string) => string): string {
  if (tokens.length === 0) return 'there is no token; make one with: baton clients token CLIENT';
  return table(
    tokens,
    [
      { title: 'token', value: ({ prefix }) => `${prefix}…` },
      { title: 'name', value: ({ name = '' }) => name },
      { title: 'made', value: ({ createdAt }) => createdAt },
    ],
    title,
  );
}
