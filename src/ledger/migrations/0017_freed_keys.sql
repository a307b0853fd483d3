-- Who took another key because its first wish was taken: called when that is given up (P6).
CREATE INDEX key_reservations_wanted ON key_reservations (target_store, kind, scope, wanted) WHERE key <> wanted;
