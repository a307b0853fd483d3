-- What a look at both stores found before anything was written; the latest of a project counts.
CREATE TABLE assessments (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id bigint NOT NULL REFERENCES projects ON DELETE CASCADE,
  assessment jsonb NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX assessments_latest ON assessments (project_id, id DESC);
