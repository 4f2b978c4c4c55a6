import { Command, InvalidArgumentError } from 'commander';

export interface Options {
  readonly orders: number;
  readonly kills: number;
  /** Seconds. */
  readonly longest: number;
  readonly seed: number;
}

/** What is said on the command line. */
export function readOptions(
  script: string,
  description: string,
  defaults: Omit<Options, 'seed'>,
): Options {
  const { orders, kills, longest } = defaults;
  return new Command(`npm run ${script} --`)
    .description(description)
    .option('--orders <n>', 'how many orders', whole, orders)
    .option('--kills <n>', 'how often everything is killed', whole, kills)
    .option('--longest <seconds>', 'it is killed within this time of being ready', whole, longest)
    .option('--seed <n>', 'what determines what is drawn', whole, Date.now() % 2 ** 31)
    .parse()
    .opts<Options>();
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number');
  return value;
}
