/**
 * A store's clock less ours, milliseconds, by the Date header of a reply; 0 when there is none. The header has whole seconds, so the middle of
 * that second is taken.
 */
export function clockSkew(date: string | undefined, sentAt: number, repliedAt: number): number {
  const theirs = Date.parse(date ?? '');
  return Number.isNaN(theirs) ? 0 : Math.round(theirs + 500 - (sentAt + repliedAt) / 2);
}
