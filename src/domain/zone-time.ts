/** A time on the clocks of a zone; months from 1. Seconds are 0. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** A name of the IANA list as that list writes it; null: it is none. Offsets such as +02:00 are none. */
export function zoneName(given: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(given)) return null;
  try {
    const known = new Intl.DateTimeFormat('en-US', { timeZone: given }).resolvedOptions().timeZone;
    return known.toLowerCase() === given.toLowerCase() ? known : given;
  } catch {
    return null;
  }
}

/** How far the clocks of a zone are ahead of UTC at an instant; both in milliseconds. */
export function offsetAt(zone: string, at: number): number {
  const { year, month, day, hour, minute, second } = partsAt(zone, at);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

/** What the clocks of a zone show at an instant. */
export function wallAt(zone: string, at: number): WallTime {
  const { second: _, ...wall } = partsAt(zone, at);
  return wall;
}

function partsAt(zone: string, at: number): WallTime & { readonly second: number } {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}

/** The instants at which a zone's clocks show this time: one; none where they are put forward over it; two where they are put back. */
export function instantsOf(zone: string, { year, month, day, hour, minute }: WallTime): readonly number[] {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const offsets = new Set([offsetAt(zone, wall - DAY_MS), offsetAt(zone, wall + DAY_MS)]);
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((at) => at + offsetAt(zone, at) === wall)
    .toSorted((one, other) => one - other);
}

/** Days, as UTC midnights of their dates, on or around which the clocks of a zone are changed. */
export function daysOfChange(zone: string, fromDay: number, days: number): readonly number[] {
  return Array.from({ length: days }, (_, index) => fromDay + index * DAY_MS).filter(
    (day) => offsetAt(zone, day - DAY_MS) !== offsetAt(zone, day + 2 * DAY_MS),
  );
}
