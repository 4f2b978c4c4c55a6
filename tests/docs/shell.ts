/** The simple commands of a shell script, each as its words, without quotes. What stands in `$(…)` counts as commands, too. */
export function commandsIn(script: string): readonly (readonly string[])[] {
  return withoutKeywords(read(script).commands);
}

/** Whether the script goes on in the next line: a quote is open, or its end asks for more. */
export function isIncomplete(script: string): boolean {
  return read(script).open || /(\\|\||&&)$/.test(script.trimEnd());
}

const KEYWORDS = new Set(['do', 'then', 'else', '{', '(', '!']);
const NO_COMMANDS = new Set(['for', 'done', 'fi', '}', ')']);

function withoutKeywords(commands: readonly (readonly string[])[]) {
  return commands.flatMap((words) => {
    let at = 0;
    while (KEYWORDS.has(words[at] ?? '') || /^\w+=/.test(words[at] ?? '')) at += 1;
    const command = words.slice(at);
    return command.length === 0 || NO_COMMANDS.has(command[0] ?? '') ? [] : [command];
  });
}

function read(script: string): { commands: string[][]; open: boolean } {
  const commands: string[][] = [[]];
  let word: string | undefined;
  let quote = '';
  const endWord = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  const endCommand = () => {
    endWord();
    commands.push([]);
  };
  for (let at = 0; at < script.length; at += 1) {
    const sign = script[at] ?? '';
    if (quote === "'" || quote === '"') {
      if (sign === quote) quote = '';
      else if (quote === '"' && sign === '\\' && '"\\$`'.includes(script[at + 1] ?? ' ')) {
        at += 1;
        word = (word ?? '') + script[at];
      } else word = (word ?? '') + sign;
      continue;
    }
    if (script.startsWith('$(', at)) {
      const inside = script.slice(at + 2, closingOf(script, at + 2));
      commands.unshift(...read(inside).commands);
      word = `${word ?? ''}$(…)`;
      at += 2 + inside.length;
    } else if (sign === '\\') {
      at += 1;
      if (script[at] !== '\n') word = (word ?? '') + script[at];
    } else if (sign === "'" || sign === '"') {
      quote = sign;
      word ??= '';
    } else if (sign === '#' && word === undefined) {
      while (at + 1 < script.length && script[at + 1] !== '\n') at += 1;
    } else if (sign === '>' || sign === '<') {
      if (/^\d$/.test(word ?? '')) word = undefined;
      endWord();
      const [target = ''] = /^[>&]*\s*[^\s;|)]*/.exec(script.slice(at + 1)) ?? [];
      at += target.length;
    } else if ('\n;|&()'.includes(sign)) endCommand();
    else if (/\s/.test(sign)) endWord();
    else word = (word ?? '') + sign;
  }
  endWord();
  return { commands, open: quote !== '' };
}

function closingOf(script: string, from: number): number {
  let depth = 1;
  for (let at = from; at < script.length; at += 1) {
    if (script[at] === '(') depth += 1;
    if (script[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return script.length;
}
