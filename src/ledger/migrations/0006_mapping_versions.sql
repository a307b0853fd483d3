-- Every mapping that a project ever had: runs name the fingerprint of theirs, and what changed between two can be shown.
CREATE TABLE mapping_versions (
  project_id  bigint NOT NULL REFERENCES projects ON DELETE CASCADE,
  version     integer NOT NULL,
  mapping     jsonb NOT NULL,
  fingerprint text NOT NULL,
  made_by     text NOT NULL,
  made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (project_id, version)
);
