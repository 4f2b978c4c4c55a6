import type { Command } from 'commander';
import { makeProgram } from '../../src/cli/program.ts';
import { markdownTable, sentence } from './schema-tables.ts';

/** Every command, its arguments and its options, as `baton COMMAND --help` shows them. */
export async function cliReference(): Promise<string> {
  const program = await makeProgram(() => undefined);
  return [
    'Options that every command takes, before or after its name:',
    optionsOf(program),
    codeBlock(afterHelp(program)),
    ...leavesOf(program).map(describe),
  ].join('\n\n');
}

function leavesOf(command: Command): readonly Command[] {
  return command.commands.flatMap((one) => (one.commands.length > 0 ? leavesOf(one) : [one]));
}

function describe(command: Command): string {
  const paragraphs = [
    `## ${nameOf(command)}`,
    codeBlock(`${nameOf(command)} ${command.usage()}`),
    sentence(command.description()),
  ];
  const { registeredArguments } = command;
  const described = registeredArguments.filter(({ description }) => description !== '');
  if (described.length > 0) {
    const lines = described.map((one) => [`\`${one.name()}\``, one.description]);
    paragraphs.push(markdownTable(['argument', 'is'], lines));
  }
  if (command.options.length > 0) paragraphs.push(optionsOf(command));
  const more = afterHelp(command);
  if (more !== '') paragraphs.push(codeBlock(more));
  return paragraphs.join('\n\n');
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

function optionsOf(command: Command): string {
  const lines = command.options.map(
    ({ flags, description, defaultValue, envVar, argChoices, negate }) => {
      const standard = negate || defaultValue === undefined || defaultValue === false;
      return [
        `\`${flags}\``,
        [
          ...(envVar === undefined ? [] : [`\`${envVar}\``]),
          ...(standard ? [] : [`\`${String(defaultValue)}\``]),
        ].join(', else '),
        [
          description,
          ...(argChoices === undefined ? [] : [`one of ${argChoices.join(', ')}`]),
        ].join(': '),
      ];
    },
  );
  return markdownTable(['option', 'default', 'does'], lines);
}

/** What a command says after its help: examples, mostly. */
function afterHelp(command: Command): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return help
    .slice(help.indexOf(command.helpInformation()) + command.helpInformation().length)
    .trim();
}

const codeBlock = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;
