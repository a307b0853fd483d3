-- A part that is meant to be empty, or of an adopted record that we never wrote: JSON null arrives here as NULL.
ALTER TABLE parts ALTER COLUMN desired DROP NOT NULL;
