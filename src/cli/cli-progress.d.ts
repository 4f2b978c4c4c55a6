/** The part of cli-progress that the command uses; the package has no types of its own. */
declare module 'cli-progress' {
  export interface Options {
    /** A line, or a function that draws it. */
    readonly format: string | (() => string);
    readonly stream: NodeJS.WritableStream;
    readonly barsize?: number;
    readonly barCompleteChar?: string;
    readonly barIncompleteChar?: string;
    readonly hideCursor?: boolean;
    readonly clearOnComplete?: boolean;
    readonly etaBuffer?: number;
  }
  export class SingleBar {
    constructor(options: Options);
    start(total: number, value: number, payload?: object): void;
    update(value: number, payload?: object): void;
    setTotal(total: number): void;
    stop(): void;
  }
}
