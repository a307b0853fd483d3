-- A run goes in passes: a trial, then each several times the one before (design §5).
CREATE TABLE passes (
  run_id     bigint NOT NULL REFERENCES runs,
  number     integer NOT NULL,
  name       text NOT NULL,
  state      text NOT NULL DEFAULT 'copying' CHECK (state IN ('copying', 'waiting', 'stopped', 'passed')),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at   timestamptz,
  -- Batch size, runtime, rate, lag, what changed, what the read-back found.
  note       jsonb,
  PRIMARY KEY (run_id, number)
);

ALTER TABLE slices ADD COLUMN pass integer NOT NULL DEFAULT 1;

-- An approval that does not come through the API proves with one of these that somebody who may approve gave it.
CREATE TABLE gate_tokens (
  project_id bigint NOT NULL REFERENCES projects,
  gate       text NOT NULL,
  token_hash text NOT NULL,
  made_by    text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, token_hash)
);

-- The window in which stop rules judge begins anew when a person lets the project go on.
ALTER TABLE projects ADD COLUMN resumed_at timestamptz;

-- As an operator set them; null: as the service is set.
ALTER TABLE quota_windows ADD COLUMN set_concurrency integer, ADD COLUMN set_reserve_percent integer, ADD COLUMN set_at timestamptz;
