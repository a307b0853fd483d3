/** Exit codes of every client command; docs and tests cite this file. */
export const EXIT = {
  done: 0,
  /** Something broke: see the message. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The service refused: not allowed in this phase, name taken, stores not usable, ... */
  refused: 3,
  /** Nobody answers at the API's address. */
  unreachable: 4,
  /** There is no such project, run or record. */
  notFound: 5,
  /** No key, or one that may not do this. */
  notAllowed: 6,
} as const;

export function exitCodeOf(status: number): number {
  if (status === 404) return EXIT.notFound;
  if (status === 401 || status === 403) return EXIT.notAllowed;
  return status < 500 ? EXIT.refused : EXIT.failed;
}
