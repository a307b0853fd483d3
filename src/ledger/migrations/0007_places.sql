-- Addresses of the source that are nobody's record (lists of a tag, the cart), and the page of any store that does the same (P11).
CREATE TABLE places (
  project_id    bigint NOT NULL REFERENCES projects ON DELETE CASCADE,
  path          text NOT NULL,
  page          jsonb NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (project_id, path)
);
