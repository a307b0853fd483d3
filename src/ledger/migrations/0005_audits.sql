-- When the target was last searched for copies of what a record's repeated creates may have made twice (P2).
ALTER TABLE intents ADD COLUMN audited_at timestamptz;
