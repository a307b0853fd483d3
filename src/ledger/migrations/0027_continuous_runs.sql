-- A run that goes on until it is told to finish; parked: nothing happens, and one who brings news wakes it.
ALTER TABLE runs DROP CONSTRAINT runs_kind_check;
ALTER TABLE runs ADD CHECK (kind IN ('full', 'demo', 'recent', 'resync', 'continuous'));
ALTER TABLE runs ADD COLUMN finishing boolean NOT NULL DEFAULT false;
ALTER TABLE runs ADD COLUMN parked boolean NOT NULL DEFAULT false;
