-- What polls look back over (P1): few rows of many.
CREATE INDEX records_modified ON records (project_id, entity, modified_at) WHERE state = 'live';
