-- The conflict desk (P8). Since when a change is held and at which generation, so that what has moved on since can be told; and
-- what was decided: { kind, decision, by, shown }, kept until the change is settled, applied only to what was shown.
ALTER TABLE changes
  ADD COLUMN held_at timestamptz,
  ADD COLUMN held_generation integer,
  ADD COLUMN decision jsonb;
CREATE INDEX changes_held ON changes (project_id, id) WHERE state = 'held';

-- When the state that someone else made was seen: what is shown of a conflict is the newest that is known.
ALTER TABLE records ADD COLUMN foreign_seen_at timestamptz;

-- left: deleted at the target by someone else, and a decision says that it stays so.
ALTER TABLE records DROP CONSTRAINT records_state_check,
  ADD CONSTRAINT records_state_check CHECK (state IN ('live', 'skipped', 'tombstone', 'left'));
