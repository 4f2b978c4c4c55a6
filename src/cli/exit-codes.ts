/** Scripts depend on these numbers, so they never change. docs/cli.md says what each means. */
export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  notFound: 4,
  waitedTooLong: 5,
  /** As shells have it for Ctrl-C: 128 and the signal's number. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
