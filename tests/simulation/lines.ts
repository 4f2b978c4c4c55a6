/** A task at work in a line. */
interface AtWork {
  readonly task: string;
}

/** Who is at work in the lines of ordered plugins, and who was. */
export class Lines {
  readonly #atWork = new Map<string, Set<AtWork>>();
  readonly #begun = new Map<string, string[]>();

  /**
   * A task begins.
   * @returns who is at work in its line already, if anybody is, and what is to be called when the task has ended
   */
  begin(line: string, task: string): { readonly besides?: string; readonly leave: () => void } {
    const atWork = this.#atWork.get(line) ?? new Set();
    this.#atWork.set(line, atWork);
    const [other] = atWork;
    const own = { task };
    atWork.add(own);
    this.#begun.set(line, [...(this.#begun.get(line) ?? []), task]);
    const leave = () => void atWork.delete(own);
    return { leave, ...(other !== undefined && { besides: other.task }) };
  }

  /** The tasks that others of their line have overtaken: they began once more after somebody else had begun. */
  overtaken(): readonly string[] {
    return [...this.#begun.values()].flatMap((begun) => {
      const turns = begun.filter((task, index) => task !== begun[index - 1]);
      return turns.filter((task, index) => turns.indexOf(task) !== index);
    });
  }
}
