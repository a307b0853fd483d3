export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs what it is given one after the other, in the order of arrival, whatever becomes of the ones before. */
export function oneAtATime(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
