import type { Instant } from './record.ts';

/** Two numbers of one PostgreSQL sequence, drawn before the request was sent and after its reply arrived. */
export interface ReadInterval {
  readonly start: number;
  readonly end: number;
}

/** What one read saw. `hashVersion` is the canonical form's own version: an upgrade of ours is not an edit. */
export interface SourceVersion {
  readonly read: ReadInterval;
  readonly modifiedAt: Instant | null;
  readonly contentHash: string;
  readonly hashVersion: number;
  /** The read was made to decide between two earlier ones (P3): it wins against any read that started before it. */
  readonly decides?: boolean;
}

/** Of a record that is known by its place at the target only: no read of it has arrived there yet. */
export const UNREAD_VERSION: SourceVersion = {
  read: { start: 0, end: 0 },
  modifiedAt: null,
  contentHash: '',
  hashVersion: 0,
};
