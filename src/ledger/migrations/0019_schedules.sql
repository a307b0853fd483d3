-- When recent runs of a project start by themselves, as somebody asked for it. Temporal's Schedule of the same name is made from it.
CREATE TABLE schedules (
  project_id     bigint NOT NULL REFERENCES projects,
  name           text NOT NULL,
  -- src/domain/schedule.ts, ScheduleForm
  form           jsonb NOT NULL,
  set_by         text NOT NULL,
  set_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Firings that Temporal left out because the one before was not over, as far as the decision log tells of them.
  overlaps_noted bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, name)
);
