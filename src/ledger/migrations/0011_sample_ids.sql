-- Samples are read page by page: several workers may take theirs at the same instant, so a time is no place to go on from.
ALTER TABLE metric_samples ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;
CREATE INDEX metric_samples_latest ON metric_samples (project_id, id);
