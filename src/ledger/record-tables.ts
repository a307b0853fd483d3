import type { Generated } from 'kysely';
import type { StorePage } from '../domain/redirect.ts';

/** Tables of what is known of records: pairs, parts, addresses, findings, keys. Columns are described in `migrations`. */
export interface RecordTables {
  records: RecordsTable;
  parts: PartsTable;
  children: ChildrenTable;
  record_history: RecordHistoryTable;
  record_references: RecordReferencesTable;
  urls: UrlsTable;
  places: PlacesTable;
  open_links: OpenLinksTable;
  adjustments: AdjustmentsTable;
  report_items: ReportItemsTable;
  dead_letters: DeadLettersTable;
  intents: IntentsTable;
  key_reservations: KeyReservationsTable;
}

interface RecordsTable {
  project_id: number;
  entity: string;
  source_id: string;
  target_store: string;
  target_id: string | null;
  state: string;
  adopted: Generated<boolean>;
  read_start: number;
  read_end: number;
  modified_at: string | null;
  content_hash: string | null;
  hash_version: number | null;
  target_modified_at: string | null;
  foreign_state: unknown;
  foreign_seen_at: string | null;
  unchecked: Generated<boolean>;
  applied_at: Generated<string>;
  run_id: number | null;
}

interface PartsTable {
  project_id: number;
  entity: string;
  source_id: string;
  part: string;
  desired: unknown;
  desired_hash: string;
  base: unknown;
  state: string;
  reason: string | null;
  updated_at: Generated<string>;
}

interface ChildrenTable {
  project_id: number;
  entity: string;
  source_id: string;
  kind: string;
  child_source_id: string;
  target_id: string;
}

interface RecordHistoryTable {
  id: Generated<number>;
  project_id: number;
  entity: string;
  source_id: string;
  run_id: number | null;
  at: Generated<string>;
  event: string;
  detail: Generated<unknown>;
}

interface RecordReferencesTable {
  project_id: number;
  entity: string;
  source_id: string;
  field: string;
  kind: string;
  to_entity: string;
  to_source_id: string;
}

interface UrlsTable {
  project_id: number;
  entity: string;
  source_id: string;
  path: string;
  key: string;
  first_seen_at: Generated<string>;
}

interface OpenLinksTable {
  project_id: number;
  entity: string;
  source_id: string;
  key: string;
  address: string | null;
}

interface PlacesTable {
  project_id: number;
  path: string;
  page: StorePage;
  first_seen_at: Generated<string>;
}

interface AdjustmentsTable {
  project_id: number;
  entity: string;
  source_id: string;
  key: string;
  field: string;
  before: unknown;
  after: unknown;
  why: string;
  at: Generated<string>;
}

interface ReportItemsTable {
  project_id: number;
  key: string;
  field: string;
  entity: string;
  source_id: string;
  sample: string | null;
}

interface DeadLettersTable {
  project_id: number;
  entity: string;
  source_id: string;
  run_id: number | null;
  reason: string;
  remedy: string;
  payload: unknown;
  read_start: number | null;
  read_end: number | null;
  since: Generated<string>;
}

interface IntentsTable {
  id: Generated<number>;
  project_id: number;
  target_store: string;
  direction: Generated<string>;
  entity: string;
  source_id: string;
  part: string;
  action: string;
  target_id: string | null;
  epoch: number;
  aim_hash: string;
  aim: unknown;
  made_at: Generated<string>;
  sent_until: string;
  resolved_at: string | null;
  outcome: string | null;
  look_ups: Generated<number>;
}

interface KeyReservationsTable {
  target_store: string;
  kind: string;
  scope: string;
  key: string;
  value: string;
  project_id: number | null;
  entity: string;
  source_id: string | null;
  slot: string | null;
  wanted: string | null;
  foreign_target_id: string | null;
  releasing: Generated<boolean>;
  settled: Generated<boolean>;
}
