-- Who refers to a record is mostly asked for one entity: the levels of a product, not the thousands of orders of a bestseller.
CREATE INDEX record_references_of ON record_references (project_id, to_entity, to_source_id, entity);
DROP INDEX record_references_to;
