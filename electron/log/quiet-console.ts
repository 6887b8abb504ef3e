/**
 * Switches the console off. Libraries print what they like, errors with a person's input in them
 * included, and on many systems the output of a desktop app ends in a plain file. What is worth keeping
 * goes to the log, which takes no text.
 */
export function quietConsole(): void {
  for (const level of ["debug", "error", "info", "log", "trace", "warn"] as const) {
    console[level] = () => undefined;
  }
}
