import type { PassView } from './api-client.ts';

interface Compared {
  readonly entity: string;
  readonly sourceId: string;
  readonly targetId: string;
  readonly verdict: string;
  readonly fields: readonly { readonly field: string; readonly meant: unknown; readonly found: unknown }[];
}
interface Note {
  readonly records?: number;
  readonly recordsPerMinute?: number;
  readonly runtimeSeconds?: number;
  readonly readBack?: { readonly readBack: number; readonly mismatches: number; readonly edited: number };
  readonly broken?: readonly { readonly message: string }[];
  readonly sideBySide?: readonly Compared[];
  readonly mismatches?: readonly Compared[];
}

/** Passes as a table, and below it the records that were looked at field by field: what is written at length is in `--json`. */
export function passesInWords({ passes }: { readonly passes: readonly PassView[] }) {
  const notes = passes.map(({ note }) => (note ?? {}) as Note);
  return {
    passes: passes.map(({ number, name, state }, at) => ({ number, name, state, ...figuresOf(notes[at] ?? {}) })),
    broken: notes.flatMap(({ broken = [] }) => broken.map(({ message }) => ({ message }))),
    differing: notes.flatMap(({ mismatches = [] }) => mismatches.flatMap(fieldsOf)),
    sideBySide: notes.flatMap(({ sideBySide = [] }) => sideBySide.flatMap(fieldsOf)),
  };
}

function figuresOf({ records, recordsPerMinute, runtimeSeconds, readBack }: Note) {
  return {
    records,
    seconds: runtimeSeconds,
    perMinute: recordsPerMinute,
    readBack: readBack?.readBack,
    mismatches: readBack?.mismatches,
    edited: readBack?.edited,
  };
}

function fieldsOf({ entity, sourceId, targetId, verdict, fields }: Compared) {
  const record = `${entity} ${sourceId} -> ${targetId}`;
  return fields.map(({ field, meant, found }) => ({ record, verdict, field, meant, found }));
}
