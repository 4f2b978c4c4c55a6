const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * What was started goes first when the process is asked to end, on Ctrl-C for one: a local stack has a process group of its own, and would
 * go on.
 * @returns to be called once nothing is left to stop: from then on signals end the process as ever
 */
export function stopOnSignal(stop: () => Promise<void>): () => void {
  const signals = Object.entries(EXIT_CODES);
  const handlers = signals.map(([signal, exitCode]) => {
    const handler = () => {
      // The calls that are cut short fail: that is no news.
      process.on('uncaughtException', () => undefined);
      void stop().finally(() => process.exit(exitCode));
    };
    process.once(signal, handler);
    return [signal, handler] as const;
  });
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}
