-- The ledger: what Storeferry remembers. Names follow ARCHITECTURE.md; rules are cited as P1-P14.
-- Every table lives in the schema that the connection's search_path names first.

-- Numbers for read intervals (P3): one is drawn before a request to the source is sent, one after its reply arrived.
CREATE SEQUENCE read_clock;

CREATE TABLE projects (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug             text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,47}$'),
  phase            text NOT NULL DEFAULT 'draft',
  paused_at        timestamptz,
  pause_reason     text,
  attention        text,
  mapping          jsonb NOT NULL,
  mapping_version  integer NOT NULL DEFAULT 1,
  options          jsonb NOT NULL DEFAULT '{}',
  source_key       text NOT NULL,
  target_store     text NOT NULL,
  source_profile   jsonb,
  target_profile   jsonb,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  -- A slug is never reused (design §4), so a deleted project keeps its row.
  deleted_at       timestamptz
);

CREATE TABLE connections (
  project_id     bigint NOT NULL REFERENCES projects,
  side           text NOT NULL CHECK (side IN ('source', 'target')),
  platform       text NOT NULL,
  base_url       text NOT NULL,
  -- What may be shown: store hash, key ending. Secrets are only in `sealed` (AES-256-GCM).
  shown          jsonb NOT NULL DEFAULT '{}',
  sealed         bytea NOT NULL,
  sealing_key_id text NOT NULL,
  version        integer NOT NULL DEFAULT 1,
  rejected_at    timestamptz,
  updated_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, side)
);

CREATE TABLE runs (
  id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id          bigint NOT NULL REFERENCES projects,
  kind                text NOT NULL CHECK (kind IN ('full', 'demo', 'recent', 'resync')),
  number              integer NOT NULL,
  state               text NOT NULL CHECK (state IN ('running', 'completed', 'failed', 'cancelled')),
  step                text NOT NULL DEFAULT 'starting',
  mapping_version     integer NOT NULL,
  mapping_fingerprint text NOT NULL,
  options             jsonb NOT NULL DEFAULT '{}',
  counts              jsonb NOT NULL DEFAULT '{}',
  started_at          timestamptz NOT NULL DEFAULT now(),
  ended_at            timestamptz,
  ended_reason        text,
  UNIQUE (project_id, kind, number)
);
-- "No other run active" is a fact of the database, not of a check before an insert.
CREATE UNIQUE INDEX runs_one_active ON runs (project_id) WHERE state = 'running';

-- The run's account over distinct records: created, updated, unchanged, ... per entity; kept by each commit.
CREATE TABLE run_counts (
  run_id bigint NOT NULL REFERENCES runs,
  entity text NOT NULL,
  word   text NOT NULL,
  count  integer NOT NULL,
  PRIMARY KEY (run_id, entity, word)
);

CREATE TABLE slices (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id        bigint NOT NULL REFERENCES runs,
  entity        text NOT NULL,
  ordinal       integer NOT NULL,
  source_ids    text[] NOT NULL,
  -- The cursor: how many of source_ids are in the queue. Committed with the queue rows it covers (P1).
  read_count    integer NOT NULL DEFAULT 0,
  state         text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'reading', 'read')),
  money_bearing boolean NOT NULL DEFAULT false,
  lease_until   timestamptz,
  epoch         integer NOT NULL DEFAULT 0,
  started_at    timestamptz,
  ended_at      timestamptz,
  UNIQUE (run_id, entity, ordinal)
);

CREATE TABLE watermarks (
  project_id     bigint NOT NULL REFERENCES projects,
  entity         text NOT NULL,
  -- In the source's own clock.
  captured_until timestamptz NOT NULL,
  captured_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, entity)
);

-- The change queue: one row per record, coalesced; an intention to bring it to one source version (design §2).
CREATE TABLE changes (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id     bigint NOT NULL REFERENCES projects,
  entity         text NOT NULL,
  entity_rank    smallint NOT NULL,
  source_id      text NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('upsert', 'delete', 'fetch')),
  reason         text NOT NULL,
  run_id         bigint,
  -- The canonical record with references, urls and reports; null for a delete or a fetch.
  payload        jsonb,
  read_start     bigint,
  read_end       bigint,
  modified_at    timestamptz,
  content_hash   text,
  hash_version   smallint,
  decides        boolean NOT NULL DEFAULT false,
  -- For a fetch: only a read that started after this number will do (P4).
  fetch_after    bigint NOT NULL DEFAULT 0,
  looks_at_target boolean NOT NULL DEFAULT false,
  -- P4: each arrival raises it; finishing removes the row only if it is the one that was claimed.
  generation     integer NOT NULL DEFAULT 1,
  -- P5: each claim raises it; a commit with an old epoch is refused.
  epoch          integer NOT NULL DEFAULT 0,
  state          text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'leased', 'parked', 'waiting', 'held')),
  state_reason   text,
  -- For a held change: what a person needs to decide (base, source, target; a collision's other holder).
  evidence       jsonb,
  lease_until    timestamptz,
  lease_owner    text,
  not_before     timestamptz,
  -- A lease ended with an open intent: the target must be looked at after the settle time (P5).
  recheck        boolean NOT NULL DEFAULT false,
  attempts       integer NOT NULL DEFAULT 0,
  first_seen_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (project_id, entity, source_id)
);
CREATE INDEX changes_due ON changes (project_id, entity_rank, id) WHERE state IN ('ready', 'parked', 'leased');
CREATE INDEX changes_state ON changes (project_id, state);

-- Who waits for whom (P9): a waiter leaves `waiting` in the transaction that settles what it waits for.
CREATE TABLE change_waits (
  project_id   bigint NOT NULL,
  entity       text NOT NULL,
  source_id    text NOT NULL,
  on_entity    text NOT NULL,
  on_source_id text NOT NULL,
  since        timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (project_id, entity, source_id, on_entity, on_source_id)
);
CREATE INDEX change_waits_on ON change_waits (project_id, on_entity, on_source_id);

-- The hints inbox: "record X may have changed". A reason to read, never data.
CREATE TABLE hints (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id  bigint NOT NULL REFERENCES projects,
  origin      text NOT NULL,
  entity      text NOT NULL,
  source_id   text NOT NULL,
  body_hash   text,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  taken_at    timestamptz
);
CREATE INDEX hints_open ON hints (project_id, id) WHERE taken_at IS NULL;

CREATE TABLE records (
  project_id         bigint NOT NULL REFERENCES projects,
  entity             text NOT NULL,
  source_id          text NOT NULL,
  target_store       text NOT NULL,
  target_id          text,
  -- live: at the target; skipped: left out by a rule; tombstone: gone at the source (P7).
  state              text NOT NULL CHECK (state IN ('live', 'skipped', 'tombstone')),
  adopted            boolean NOT NULL DEFAULT false,
  read_start         bigint NOT NULL,
  read_end           bigint NOT NULL,
  modified_at        timestamptz,
  content_hash       text,
  hash_version       smallint,
  target_modified_at timestamptz,
  -- Present state that someone else made at the target, seen by a poll of foreign edits and not yet decided (P8).
  foreign_state      jsonb,
  -- A poll saw the record while a write of ours was open and could not tell whose state it was: read it before the next.
  unchecked          boolean NOT NULL DEFAULT false,
  applied_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  run_id             bigint,
  PRIMARY KEY (project_id, entity, source_id)
);
CREATE UNIQUE INDEX records_target ON records (target_store, entity, target_id) WHERE target_id IS NOT NULL;

CREATE TABLE parts (
  project_id   bigint NOT NULL,
  entity       text NOT NULL,
  source_id    text NOT NULL,
  part         text NOT NULL,
  desired      jsonb NOT NULL,
  desired_hash text NOT NULL,
  base         jsonb,
  -- open: still to be written, with the reason it could not be (an image that cannot be fetched).
  state        text NOT NULL CHECK (state IN ('applied', 'open')),
  reason       text,
  updated_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (project_id, entity, source_id, part)
);

CREATE TABLE children (
  project_id      bigint NOT NULL,
  entity          text NOT NULL,
  source_id       text NOT NULL,
  kind            text NOT NULL,
  child_source_id text NOT NULL,
  target_id       text NOT NULL,
  PRIMARY KEY (project_id, entity, source_id, kind, child_source_id)
);

CREATE TABLE record_history (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id bigint NOT NULL,
  entity     text NOT NULL,
  source_id  text NOT NULL,
  run_id     bigint,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  event      text NOT NULL,
  detail     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX record_history_of ON record_history (project_id, entity, source_id, id);

CREATE TABLE record_references (
  project_id   bigint NOT NULL,
  entity       text NOT NULL,
  source_id    text NOT NULL,
  field        text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('hard', 'soft')),
  to_entity    text NOT NULL,
  to_source_id text NOT NULL,
  PRIMARY KEY (project_id, entity, source_id, field, to_entity, to_source_id)
);
CREATE INDEX record_references_to ON record_references (project_id, to_entity, to_source_id);

-- Every path under which a record was ever seen (P11).
CREATE TABLE urls (
  project_id    bigint NOT NULL,
  entity        text NOT NULL,
  source_id     text NOT NULL,
  path          text NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (project_id, path, entity, source_id)
);

CREATE TABLE adjustments (
  project_id bigint NOT NULL,
  entity     text NOT NULL,
  source_id  text NOT NULL,
  key        text NOT NULL,
  field      text NOT NULL,
  before     jsonb,
  after      jsonb,
  why        text NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (project_id, entity, source_id, key, field)
);
CREATE INDEX adjustments_key ON adjustments (project_id, key);

CREATE TABLE report_items (
  project_id bigint NOT NULL,
  key        text NOT NULL,
  field      text NOT NULL,
  entity     text NOT NULL,
  source_id  text NOT NULL,
  sample     text,
  PRIMARY KEY (project_id, key, field, entity, source_id)
);

CREATE TABLE dead_letters (
  project_id bigint NOT NULL,
  entity     text NOT NULL,
  source_id  text NOT NULL,
  run_id     bigint,
  reason     text NOT NULL,
  remedy     text NOT NULL,
  -- The change as it was, so that a retry needs no second look at the source.
  payload    jsonb,
  read_start bigint,
  read_end   bigint,
  since      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (project_id, entity, source_id)
);

-- P2: made before a request to the target, resolved with its outcome.
CREATE TABLE intents (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id   bigint NOT NULL,
  target_store text NOT NULL,
  direction    text NOT NULL DEFAULT 'forward' CHECK (direction IN ('forward', 'back')),
  entity       text NOT NULL,
  source_id    text NOT NULL,
  part         text NOT NULL,
  action       text NOT NULL CHECK (action IN ('create', 'update', 'delete')),
  target_id    text,
  epoch        integer NOT NULL,
  aim_hash     text NOT NULL,
  -- What was sent (desired form and, for a create, the bundle); kept only while the intent is open.
  aim          jsonb,
  made_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The request cannot have left later than this (the lease's end; the reply's loss once that is known): the settle
  -- time counts from here.
  sent_until   timestamptz NOT NULL,
  resolved_at  timestamptz,
  outcome      text,
  look_ups     integer NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX intents_open ON intents (project_id, entity, source_id, part) WHERE resolved_at IS NULL;

-- P6: normalised unique values, per target store, across projects. foreign_target_id: held by a record that is not ours.
CREATE TABLE key_reservations (
  target_store      text NOT NULL,
  kind              text NOT NULL,
  scope             text NOT NULL,
  key               text NOT NULL,
  value             text NOT NULL,
  project_id        bigint,
  entity            text NOT NULL,
  source_id         text,
  slot              text,
  -- First alternative at the time of reservation: the same wish keeps the same key.
  wanted            text,
  foreign_target_id text,
  -- The holder no longer wants it; freed when the write that drops it has been committed.
  releasing         boolean NOT NULL DEFAULT false,
  -- The holder's record carries it at the target; until then a foreign record that has it wins.
  settled           boolean NOT NULL DEFAULT false,
  PRIMARY KEY (target_store, kind, scope, key)
);
CREATE INDEX key_reservations_holder ON key_reservations (project_id, entity, source_id);

-- The chain of polls for edits by others, per store and entity (P8): all edits since chain_from are known up to polled_at.
-- A record last written before chain_from is read by id instead.
CREATE TABLE target_polls (
  target_store text NOT NULL,
  entity       text NOT NULL,
  chain_from   timestamptz NOT NULL,
  polled_at    timestamptz NOT NULL,
  PRIMARY KEY (target_store, entity)
);

-- Records of a target that was not empty, read before the first write (P6): the marker rebuilds a lost id map.
CREATE TABLE existing_records (
  target_store text NOT NULL,
  entity       text NOT NULL,
  target_id    text NOT NULL,
  marker       text,
  seen         jsonb NOT NULL,
  seen_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (target_store, entity, target_id)
);
CREATE INDEX existing_records_marker ON existing_records (target_store, entity, marker) WHERE marker IS NOT NULL;

-- P12. One row per store; tokens belong to one window and die with it.
CREATE TABLE quota_windows (
  store           text PRIMARY KEY,
  request_limit   integer,
  window_ms       integer,
  used            integer NOT NULL DEFAULT 0,
  resets_at       timestamptz,
  reserve_percent integer NOT NULL DEFAULT 10,
  concurrency     integer NOT NULL DEFAULT 4,
  busy_until      timestamptz,
  busy_cause      text,
  observed_at     timestamptz
);
CREATE TABLE quota_slots (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  store      text NOT NULL,
  resource   text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX quota_slots_of ON quota_slots (store, resource);

CREATE TABLE gates (
  project_id bigint NOT NULL,
  name       text NOT NULL,
  run_id     bigint NOT NULL,
  state      text NOT NULL CHECK (state IN ('open', 'passed', 'refused', 'expired')),
  evidence   jsonb NOT NULL DEFAULT '{}',
  passed_by  text,
  made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz,
  PRIMARY KEY (project_id, run_id, name)
);

CREATE TABLE idempotency_keys (
  key          text PRIMARY KEY,
  route        text NOT NULL,
  request_hash text NOT NULL,
  status       integer,
  answer       jsonb,
  made_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE metric_samples (
  project_id bigint NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  name       text NOT NULL,
  entity     text NOT NULL DEFAULT '',
  value      double precision NOT NULL
);
CREATE INDEX metric_samples_of ON metric_samples (project_id, name, at);

CREATE TABLE decisions (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id bigint NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- A key's name or a rule's name, never a person's data.
  decided_by text NOT NULL,
  what       text NOT NULL,
  detail     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX decisions_of ON decisions (project_id, id);
