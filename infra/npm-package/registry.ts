/** How far back the registry is read when today's state does not fit together: longer than any release took to be complete. */
const WHOLE_AFTER_DAYS = 7;

/** A version is asked for that the registry does not list (`ETARGET`), or lists and does not hold (`E404`). */
const INCOMPLETE = /^npm (error|ERR!) code (ETARGET|E404)$/m;

/**
 * The npm registry, as npm commands without a lock file see it. A release of many packages, such as the AWS SDK's, is published one package
 * at a time, and a copy of the registry may lack some of them for days: until then nobody can install what needs the others. That says
 * nothing about Baton; so such a command is run again with the versions of a week ago, and so are those after it.
 */
export class Registry {
  #settings: NodeJS.ProcessEnv = {};
  readonly #now: Date;
  readonly #say: (line: string) => void;

  constructor(now: Date, say: (line: string) => void) {
    this.#now = now;
    this.#say = say;
  }

  /** @param command is given the settings to add to npm's environment @throws what the command throws, if the registry is not the reason */
  async use<Result>(command: (settings: NodeJS.ProcessEnv) => Promise<Result>): Promise<Result> {
    try {
      return await command(this.#settings);
    } catch (error) {
      const { message } = error as Error;
      if (this.#settings.npm_config_before || !INCOMPLETE.test(message)) throw error;
      const before = new Date(this.#now.getTime() - WHOLE_AFTER_DAYS * 86_400_000).toISOString();
      const reason = /^npm (?:error|ERR!) (?:notarget|404) (.*)/m.exec(message)?.[1] ?? message;
      this.#say(`the registry is incomplete, and read as it was at ${before}: ${reason}`);
      this.#settings = { npm_config_before: before };
      return await command(this.#settings);
    }
  }
}
