import type { Generated } from 'kysely';
import type { RecordTables } from './record-tables.ts';

/** Rows as the driver gives them: int8 as number, timestamptz as ISO text, jsonb parsed (`unknown` until a reader says what). */

interface ProjectsTable {
  id: Generated<number>;
  slug: string;
  phase: Generated<string>;
  paused_at: string | null;
  resumed_at: string | null;
  pause_reason: string | null;
  attention: string | null;
  mapping: unknown;
  mapping_version: Generated<number>;
  options: Generated<unknown>;
  source_key: string;
  target_store: string;
  source_profile: unknown;
  target_profile: unknown;
  created_at: Generated<string>;
  updated_at: Generated<string>;
  deleted_at: string | null;
}

interface ConnectionsTable {
  project_id: number;
  side: string;
  platform: string;
  base_url: string;
  shown: Generated<unknown>;
  sealed: Buffer;
  sealing_key_id: string;
  version: Generated<number>;
  rejected_at: string | null;
  updated_at: Generated<string>;
}

interface RunsTable {
  id: Generated<number>;
  project_id: number;
  kind: string;
  number: number;
  state: string;
  step: Generated<string>;
  mapping_version: number;
  mapping_fingerprint: string;
  options: Generated<unknown>;
  counts: Generated<unknown>;
  started_at: Generated<string>;
  ended_at: string | null;
  ended_reason: string | null;
}

interface RunCountsTable {
  run_id: number;
  entity: string;
  word: string;
  count: number;
}

interface SlicesTable {
  id: Generated<number>;
  run_id: number;
  entity: string;
  ordinal: number;
  source_ids: string[];
  read_count: Generated<number>;
  state: Generated<string>;
  money_bearing: Generated<boolean>;
  pass: Generated<number>;
  lease_until: string | null;
  epoch: Generated<number>;
  started_at: string | null;
  ended_at: string | null;
}

interface PassesTable {
  run_id: number;
  number: number;
  name: string;
  state: Generated<string>;
  started_at: Generated<string>;
  ended_at: string | null;
  note: unknown;
}

interface GateTokensTable {
  project_id: number;
  gate: string;
  token_hash: string;
  made_by: string;
  expires_at: string;
}

interface WatermarksTable {
  project_id: number;
  entity: string;
  captured_until: string;
  captured_at: Generated<string>;
}

interface ChangesTable {
  id: Generated<number>;
  project_id: number;
  entity: string;
  entity_rank: number;
  source_id: string;
  kind: string;
  reason: string;
  run_id: number | null;
  payload: unknown;
  read_start: number | null;
  read_end: number | null;
  modified_at: string | null;
  content_hash: string | null;
  hash_version: number | null;
  decides: Generated<boolean>;
  fetch_after: Generated<number>;
  looks_at_target: Generated<boolean>;
  ahead: Generated<boolean>;
  generation: Generated<number>;
  epoch: Generated<number>;
  state: Generated<string>;
  state_reason: string | null;
  evidence: unknown;
  held_at: string | null;
  held_generation: number | null;
  decision: unknown;
  lease_until: string | null;
  lease_owner: string | null;
  not_before: string | null;
  recheck: Generated<boolean>;
  attempts: Generated<number>;
  first_seen_at: Generated<string>;
}

interface ChangeWaitsTable {
  project_id: number;
  entity: string;
  source_id: string;
  on_entity: string;
  on_source_id: string;
  since: Generated<string>;
}

interface HintsTable {
  id: Generated<number>;
  project_id: number;
  origin: string;
  entity: string;
  source_id: string;
  body_hash: string | null;
  received_at: Generated<string>;
}

interface TargetPollsTable {
  target_store: string;
  entity: string;
  chain_from: string;
  polled_at: string;
}

interface ExistingRecordsTable {
  target_store: string;
  entity: string;
  target_id: string;
  marker: string | null;
  seen: unknown;
  seen_at: Generated<string>;
}

interface QuotaWindowsTable {
  store: string;
  request_limit: number | null;
  window_ms: number | null;
  used: Generated<number>;
  resets_at: string | null;
  reserve_percent: Generated<number>;
  concurrency: Generated<number>;
  busy_until: string | null;
  busy_cause: string | null;
  observed_at: string | null;
  opened_at: string | null;
  busy_streak: Generated<number>;
  set_concurrency: number | null;
  set_reserve_percent: number | null;
  set_at: string | null;
  resting: Generated<boolean>;
  rested_from: number | null;
}

interface QuotaSlotsTable {
  id: Generated<number>;
  store: string;
  resource: string;
  expires_at: string;
  taken_at: Generated<string>;
}

interface QuotaWaitsTable {
  store: string;
  waiter: string;
  resource: string;
  cause: string;
  waiting: number;
  since: Generated<string>;
  seen_at: Generated<string>;
}

interface GatesTable {
  project_id: number;
  name: string;
  run_id: number;
  state: string;
  evidence: Generated<unknown>;
  passed_by: string | null;
  made_at: Generated<string>;
  expires_at: string | null;
}

interface IdempotencyKeysTable {
  key: string;
  route: string;
  request_hash: string;
  status: number | null;
  answer: unknown;
  made_at: Generated<string>;
}

interface MetricSamplesTable {
  id: Generated<number>;
  project_id: number;
  at: Generated<string>;
  name: string;
  entity: Generated<string>;
  value: number;
}

interface SchedulesTable {
  project_id: number;
  name: string;
  form: unknown;
  set_by: string;
  set_at: Generated<string>;
  overlaps_noted: Generated<number>;
}

interface AnnouncementsTable {
  id: Generated<number>;
  project_id: number;
  entity: string;
  source_ids: string[] | null;
  fields: string[];
  announced_by: string;
  why: string;
  noted_by: string;
  announced_at: Generated<string>;
  withdrawn_by: string | null;
  withdrawn_at: string | null;
}

interface DecisionsTable {
  id: Generated<number>;
  project_id: number;
  at: Generated<string>;
  decided_by: string;
  what: string;
  detail: Generated<unknown>;
}

export interface LedgerTables extends RecordTables {
  projects: ProjectsTable;
  connections: ConnectionsTable;
  runs: RunsTable;
  run_counts: RunCountsTable;
  slices: SlicesTable;
  passes: PassesTable;
  gate_tokens: GateTokensTable;
  watermarks: WatermarksTable;
  changes: ChangesTable;
  change_waits: ChangeWaitsTable;
  hints: HintsTable;
  target_polls: TargetPollsTable;
  existing_records: ExistingRecordsTable;
  quota_windows: QuotaWindowsTable;
  quota_slots: QuotaSlotsTable;
  quota_waits: QuotaWaitsTable;
  gates: GatesTable;
  idempotency_keys: IdempotencyKeysTable;
  metric_samples: MetricSamplesTable;
  decisions: DecisionsTable;
  schedules: SchedulesTable;
  announcements: AnnouncementsTable;
}
