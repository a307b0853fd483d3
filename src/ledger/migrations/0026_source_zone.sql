-- The time zone of the source when a run read it (null: it does not tell), and when that was last looked at. Runs of before this
-- have none: what they were read under is not known, and nothing is compared with it.
ALTER TABLE runs
  ADD COLUMN source_zone text,
  ADD COLUMN zone_checked_at timestamptz,
  -- Why a run reads everything though nobody asked for it.
  ADD COLUMN sweep_reason text;
