const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * npm passes a terminal's Ctrl-C on to a process that has received it already, so what comes within this time of
 * the first signal is the same key stroke.
 */
const SAME_STROKE_MS = 1_000;

/** Calls `first` at the first stop signal; at a later one calls `again` and ends this process. */
export function onStopSignals(react: { first: () => Promise<void>; again: () => void }): void {
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt === undefined) {
      firstAt = Date.now();
      void react.first().then(() => process.exit());
    } else if (Date.now() - firstAt > SAME_STROKE_MS) {
      react.again();
      process.exit(130);
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
}
