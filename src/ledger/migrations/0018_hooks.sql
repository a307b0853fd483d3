-- Webhooks of the source that tell a project of changes: one secret for all of them, sealed like credentials.
CREATE TABLE project_hooks (
  project_id     bigint PRIMARY KEY REFERENCES projects,
  -- Part of the name of each of our hooks at the source, so that they are told from those of others.
  mark           text NOT NULL,
  sealed         bytea NOT NULL,
  sealing_key_id text NOT NULL,
  -- Where the source delivers to; null until they were registered.
  url            text,
  -- Who registers, removes or looks after them holds them until then.
  held_until     timestamptz NOT NULL DEFAULT '-infinity',
  checked_at     timestamptz,
  -- What the last look at the source found wrong; null: nothing.
  trouble        text
);

-- One hook of ours at the source, by its topic there.
CREATE TABLE source_hooks (
  project_id       bigint NOT NULL REFERENCES projects,
  topic            text NOT NULL,
  hook_id          text NOT NULL,
  -- As the source said last; gone: it is not there any more.
  state            text NOT NULL CHECK (state IN ('active', 'disabled', 'paused', 'gone')),
  enabled_again_at timestamptz,
  PRIMARY KEY (project_id, topic)
);

-- What came in over all time. Topics are those that we know, '' stands for all others: senders without a key choose no rows.
CREATE TABLE hook_deliveries (
  project_id bigint NOT NULL REFERENCES projects,
  topic      text NOT NULL,
  outcome    text NOT NULL CHECK (outcome IN ('received', 'repeated', 'ignored', 'rejected')),
  count      bigint NOT NULL,
  last_at    timestamptz NOT NULL,
  PRIMARY KEY (project_id, topic, outcome)
);

-- A repeated body is looked for among the hints that nobody has taken yet.
CREATE INDEX hints_bodies ON hints (project_id, entity, source_id, body_hash) WHERE taken_at IS NULL AND body_hash IS NOT NULL;

-- Somebody wants the entity read as a whole by the next recent run; a number of the read sequence, null: nobody.
ALTER TABLE watermarks ADD COLUMN sweep_asked bigint;
