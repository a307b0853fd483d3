-- Requests that were sent to a store over all time, by what they came to; each process adds what it counted.
CREATE TABLE store_requests (
  store   text NOT NULL,
  -- `ok`, or the kind of failure.
  outcome text NOT NULL,
  count   bigint NOT NULL,
  PRIMARY KEY (store, outcome)
);
