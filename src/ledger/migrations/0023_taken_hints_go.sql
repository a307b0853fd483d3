-- A hint that was taken is a fetch in the queue, and nothing more is asked of it: it goes in the transaction that queues the fetch.
DELETE FROM hints WHERE taken_at IS NOT NULL;
DROP INDEX hints_open;
DROP INDEX hints_bodies;
ALTER TABLE hints DROP COLUMN taken_at;
CREATE INDEX hints_open ON hints (project_id, id);
CREATE INDEX hints_bodies ON hints (project_id, entity, source_id, body_hash) WHERE body_hash IS NOT NULL;
