/** The shop's time zone: WordPress stores each stamp twice, naive local and naive UTC (source-apis §1.3). */
export interface ShopZone {
  name: string;
  /** Naive local `YYYY-MM-DDTHH:MM:SS` of an instant. */
  local(ms: number): string;
  /** The instant of a naive local stamp; in the hour that DST repeats, the earlier one. */
  instant(naive: string): number;
  /** Hours ahead of UTC at an instant, as `gmt_offset` shows them. */
  offsetHours(ms: number): number;
}

export function createZone(name: string): ShopZone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  // Zones change on quarter hours only, so one look-up serves each quarter.
  const offsets = new Map<number, number>();
  const offset = (ms: number): number => {
    const quarter = Math.floor(ms / 900_000);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const parts = Object.fromEntries(format.formatToParts(quarter * 900_000).map((part) => [part.type, +part.value]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const found = Date.UTC(year, month - 1, day, hour, minute, second) - quarter * 900_000;
    offsets.set(quarter, found);
    return found;
  };
  return {
    name,
    local: (ms) => naive(ms + offset(ms)),
    instant: (text) => {
      const asUtc = Date.parse(`${text}Z`);
      const first = asUtc - offset(asUtc);
      return Math.min(first, asUtc - offset(first));
    },
    offsetHours: (ms) => offset(ms) / 3_600_000,
  };
}

/** `YYYY-MM-DDTHH:MM:SS`, no zone, second precision. */
export function naive(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

const dateForm = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** Splits a date parameter, or null when WordPress would not accept it. */
export function parseDate(text: string): { naive: string; offset: string | null } | null {
  const match = dateForm.exec(text.trim());
  if (!match) return null;
  const stamp = `${match[1]}T${match[2]}`;
  return Number.isNaN(Date.parse(`${stamp}Z`)) ? null : { naive: stamp, offset: match[3] ?? null };
}

/**
 * The text that a date filter compares with its column (source-apis §1.3): a value with a zone is turned into shop
 * local time, whichever column it is then compared with; that is why `…Z` with `dates_are_gmt=true` is wrong.
 */
export function filterStamp(text: string, zone: ShopZone): string {
  const parsed = parseDate(text);
  if (!parsed) throw new RangeError(`not a date: ${text}`);
  return parsed.offset === null ? parsed.naive : zone.local(instantWithOffset(parsed.naive, parsed.offset));
}

/** The instant of a stamp that a client wrote: with a zone as given, without one in shop time or UTC. */
export function writtenInstant(text: string, zone: ShopZone, gmt: boolean): number | null {
  const parsed = parseDate(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text);
  if (!parsed) return null;
  if (parsed.offset !== null) return instantWithOffset(parsed.naive, parsed.offset);
  return gmt ? Date.parse(`${parsed.naive}Z`) : zone.instant(parsed.naive);
}

function instantWithOffset(stamp: string, offset: string): number {
  if (offset === 'Z') return Date.parse(`${stamp}Z`);
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? [];
  return Date.parse(`${stamp}${sign}${hours}:${minutes ?? '00'}`);
}
