-- Distinct records that a recent run saw: each with the word of the settlement that counts, null until then. Only runs of kind
-- recent have rows here, so that its size follows the number of changes.
CREATE TABLE run_records (
  run_id    bigint NOT NULL REFERENCES runs,
  entity    text NOT NULL,
  source_id text NOT NULL,
  word      text,
  PRIMARY KEY (run_id, entity, source_id)
);

-- listed: only held against the ledger, for what is missing from it.
ALTER TABLE slices DROP CONSTRAINT slices_state_check,
  ADD CONSTRAINT slices_state_check CHECK (state IN ('planned', 'reading', 'read', 'listed'));

-- When all ids of an entity were last held against the ledger; null: never.
ALTER TABLE watermarks ADD COLUMN swept_at timestamptz;

-- What of both stores has to stay as it was for a recent run to follow: currency, units, taxes (null: of before it was kept).
ALTER TABLE runs ADD COLUMN structure jsonb;
