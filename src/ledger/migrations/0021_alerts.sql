-- What a person should know of. One row from when it is first seen until it has not been seen for a while, whoever sees it.
CREATE TABLE alerts (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id bigint NOT NULL REFERENCES projects,
  kind       text NOT NULL,
  -- What of the kind it is about, such as a side; empty where there is only one.
  subject    text NOT NULL DEFAULT '',
  message    text NOT NULL,
  evidence   jsonb NOT NULL,
  seen       bigint NOT NULL DEFAULT 1,
  opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  cleared_at timestamptz
);
CREATE UNIQUE INDEX alerts_open ON alerts (project_id, kind, subject) WHERE cleared_at IS NULL;
CREATE INDEX alerts_of_project ON alerts (project_id, id);

-- Where a project's alerts are sent.
CREATE TABLE alert_targets (
  project_id     bigint PRIMARY KEY REFERENCES projects,
  -- Scheme and host; what follows in an address may be a secret by itself and is sealed with the other.
  origin         text NOT NULL,
  sealed         bytea NOT NULL,
  sealing_key_id text NOT NULL,
  updated_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The outbox: written with the alert, sent at least once. next_at is also the lease of who is sending.
CREATE TABLE alert_deliveries (
  id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  project_id   bigint NOT NULL REFERENCES projects,
  alert_id     bigint NOT NULL REFERENCES alerts,
  event        text NOT NULL CHECK (event IN ('opened', 'cleared')),
  body         text NOT NULL,
  attempts     integer NOT NULL DEFAULT 0,
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  next_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  delivered_at timestamptz,
  given_up_at  timestamptz,
  last_error   text
);
CREATE INDEX alert_deliveries_due ON alert_deliveries (next_at) WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX alert_deliveries_of_project ON alert_deliveries (project_id);
