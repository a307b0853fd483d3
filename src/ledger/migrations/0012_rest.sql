-- A store that slowed is given rest: fewer requests at once than were set. What was set before comes back when it has recovered,
-- when nobody works it any more, or when a person sets something else.
ALTER TABLE quota_windows
  ADD COLUMN resting boolean NOT NULL DEFAULT false,
  -- As somebody had set it; null: nobody had.
  ADD COLUMN rested_from integer;
