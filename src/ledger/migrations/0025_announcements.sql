-- Changes at the target that somebody announced (P8): these fields of these records belong to the target from then on.
CREATE TABLE announcements (
  id            bigserial PRIMARY KEY,
  project_id    bigint NOT NULL REFERENCES projects,
  entity        text NOT NULL,
  -- null: all records of the entity.
  source_ids    text[],
  -- Words of src/domain/ownership.ts, OWNABLE.
  fields        text[] NOT NULL CHECK (cardinality(fields) > 0),
  -- Who makes the changes, and who told us: a name that may be shown, the name of a key.
  announced_by  text NOT NULL,
  noted_by      text NOT NULL,
  why           text NOT NULL,
  announced_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  withdrawn_by  text,
  withdrawn_at  timestamptz
);
CREATE INDEX announcements_in_force ON announcements (project_id, entity) WHERE withdrawn_at IS NULL;
CREATE INDEX announcements_of_project ON announcements (project_id, id);
