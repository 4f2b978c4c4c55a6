import { isIncomplete } from './shell.ts';

/** What somebody types, and what the page says it prints; nothing, where the page shows nothing. */
export interface Step {
  readonly command: string;
  readonly printed: string;
}

/** The steps of a block. In a session, commands stand behind `$ ` and what they print below; a script is only typed, command by command. */
export function stepsOf(text: string): readonly Step[] {
  const isSession = /^\$ /m.test(text);
  const lines = text.split('\n');
  const steps: Step[] = [];
  while (lines.length > 0) {
    const line = lines.shift() ?? '';
    if (isSession ? !line.startsWith('$ ') : /^\s*(#|$)/.test(line)) continue;
    let command = isSession ? line.slice(2) : line;
    while (goesOn(command) && lines.length > 0) command += `\n${lines.shift()}`;
    const below: string[] = [];
    while (isSession && lines.length > 0 && !lines[0]?.startsWith('$ ')) {
      below.push(lines.shift() ?? '');
    }
    steps.push({ command, printed: below.join('\n').trim() });
  }
  return steps;
}

/** A quote or a pipe goes on in the next line, and so does a loop. */
const goesOn = (command: string): boolean =>
  isIncomplete(command) || (/^for /.test(command) && !/^done\b/m.test(command));
