-- Which alerts of a project are open is told to its workflow, at least once for each opening and clearing.
CREATE TABLE alert_standings (
  project_id bigint PRIMARY KEY REFERENCES projects,
  -- Milliseconds since 1970 of the last opening or clearing, never twice the same: it rises also in a ledger that was restored.
  version    bigint NOT NULL,
  -- The version that the workflow was told last.
  told       bigint NOT NULL DEFAULT 0,
  attempts   integer NOT NULL DEFAULT 0,
  -- Also the lease of who is telling.
  next_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX alert_standings_due ON alert_standings (next_at) WHERE told < version;

INSERT INTO alert_standings (project_id, version)
SELECT project_id, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM alerts WHERE cleared_at IS NULL GROUP BY project_id;
