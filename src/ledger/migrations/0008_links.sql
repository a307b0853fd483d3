-- The form in which addresses are compared: links inside texts are looked up by it.
ALTER TABLE urls ADD COLUMN key text NOT NULL DEFAULT '';
UPDATE urls SET key = lower(path);
CREATE INDEX urls_key ON urls (project_id, key);

-- Where links inside a record's texts lead to and nobody lives yet (rulebook §3).
CREATE TABLE open_links (
  project_id bigint NOT NULL,
  entity     text NOT NULL,
  source_id  text NOT NULL,
  key        text NOT NULL,
  PRIMARY KEY (project_id, entity, source_id, key)
);
CREATE INDEX open_links_key ON open_links (project_id, key);
