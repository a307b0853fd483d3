-- P12 as two functions, one round trip each: the window's row lock makes all workers' requests one after another. Both lock
-- the window before they touch slots, else a late release and a request that clears its slot away wait for each other.

ALTER TABLE quota_windows
  -- When the present window began, as far as we know: a reply that speaks of an earlier one says nothing about this one.
  ADD COLUMN opened_at timestamptz,
  -- How often in a row the store was busy without saying for how long.
  ADD COLUMN busy_streak integer NOT NULL DEFAULT 0;

ALTER TABLE quota_slots ADD COLUMN taken_at timestamptz NOT NULL DEFAULT clock_timestamp();

-- Who waits for what: for operators, and so that none waits for ever. One row per line of waiting requests in a process;
-- its first asks again and again, so a row that is not seen any more is of a dead process.
CREATE TABLE quota_waits (
  store    text NOT NULL,
  waiter   text NOT NULL,
  resource text NOT NULL,
  cause    text NOT NULL,
  -- Requests in that line.
  waiting  integer NOT NULL,
  since    timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (store, waiter)
);

CREATE FUNCTION millis(span interval) RETURNS integer LANGUAGE sql IMMUTABLE AS
  $$ SELECT least(86400000, greatest(1, ceil(extract(epoch FROM span) * 1000)))::integer $$;

-- What may be used of a window's limit: all but the reserve for the merchant, and never nothing.
CREATE FUNCTION quota_share(request_limit integer, reserve integer) RETURNS integer LANGUAGE sql IMMUTABLE AS
  $$ SELECT greatest(1, floor(request_limit * (100 - reserve) / 100.0))::integer $$;

-- Takes a token and a slot, or says what to wait for and how long. slots: requests in flight at once; reserve: percent of the
-- window kept for the merchant; in_line: requests of this process that wait, this one included.
CREATE FUNCTION quota_acquire(
  of_store text, of_resource text, resource_slots integer, timeout_ms integer, slots integer, reserve integer, of_waiter text, in_line integer
) RETURNS TABLE (slot_id bigint, wait_ms integer, cause text) LANGUAGE plpgsql AS $$
DECLARE
  w quota_windows%ROWTYPE;
  at timestamptz;
  in_flight integer;
  in_resource integer;
  first_end timestamptz;
  older integer;
  older_in_resource integer;
  waits_for text;
  until timestamptz;
BEGIN
  -- A crash of the server may forget the last half second; the store's next reply says what is left.
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT * INTO w FROM quota_windows WHERE store = of_store FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO quota_windows (store) VALUES (of_store) ON CONFLICT DO NOTHING;
    SELECT * INTO w FROM quota_windows WHERE store = of_store FOR UPDATE;
  END IF;
  at := clock_timestamp();
  DELETE FROM quota_slots WHERE store = of_store AND expires_at <= at;
  SELECT count(*), count(*) FILTER (WHERE resource = of_resource), min(expires_at)
    INTO in_flight, in_resource, first_end FROM quota_slots WHERE store = of_store;
  -- Who has stood before full slots for 200 ms, and for longer than we, goes first.
  SELECT count(*) FILTER (WHERE q.cause = 'concurrency' OR q.resource = of_resource), count(*) FILTER (WHERE q.resource = of_resource)
    INTO older, older_in_resource FROM quota_waits q
    WHERE q.store = of_store AND q.waiter <> of_waiter AND q.cause IN ('concurrency', 'resource cap')
      AND q.seen_at > at - interval '1 second' AND q.since < least(at - interval '200 milliseconds',
        (SELECT own.since FROM quota_waits own WHERE own.store = of_store AND own.waiter = of_waiter));
  IF w.request_limit IS NOT NULL AND coalesce(w.resets_at <= at, true) THEN
    -- Tokens die with their window. What is still on its way may be counted in the new one.
    w.used := in_flight;
    w.opened_at := at;
    w.resets_at := at + w.window_ms * interval '1 millisecond';
  END IF;
  IF w.busy_until > at THEN
    waits_for := 'store is busy';
    until := w.busy_until;
  ELSIF in_flight + older >= slots THEN
    waits_for := 'concurrency';
    until := first_end;
  ELSIF in_resource + older_in_resource >= resource_slots THEN
    waits_for := 'resource cap';
    until := first_end;
  ELSIF w.used >= w.request_limit THEN
    waits_for := 'window used up';
    until := w.resets_at;
  ELSIF w.used >= quota_share(w.request_limit, reserve) THEN
    waits_for := 'reserve kept for the merchant';
    until := w.resets_at;
  END IF;
  IF waits_for IS NOT NULL THEN
    INSERT INTO quota_waits (store, waiter, resource, cause, waiting) VALUES (of_store, of_waiter, of_resource, waits_for, in_line)
    ON CONFLICT (store, waiter) DO UPDATE SET cause = excluded.cause, waiting = excluded.waiting, seen_at = excluded.seen_at;
    RETURN QUERY SELECT NULL::bigint, millis(coalesce(until, at) - at), waits_for;
    RETURN;
  END IF;
  DELETE FROM quota_waits WHERE store = of_store AND (waiter = of_waiter OR seen_at < at - interval '1 minute');
  -- A store that told no limit has no window to count in.
  IF w.request_limit IS NOT NULL THEN
    UPDATE quota_windows SET used = w.used + 1, opened_at = w.opened_at, resets_at = w.resets_at WHERE store = of_store;
  END IF;
  RETURN QUERY INSERT INTO quota_slots (store, resource, taken_at, expires_at)
    VALUES (of_store, of_resource, at, at + timeout_ms * interval '1 millisecond') RETURNING id, 0, ''::text;
END $$;

-- Gives the slot back and takes in what the reply said: of the quota, and whether the store was busy (busy_ms null: it did
-- not say for how long).
CREATE FUNCTION quota_release(
  of_slot bigint, of_store text, seen_limit integer, seen_left integer, seen_window_ms integer, seen_resets_ms integer,
  was_busy boolean, busy_ms integer
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  w quota_windows%ROWTYPE;
  at timestamptz;
  taken timestamptz;
  others integer;
  seen_used integer := greatest(0, seen_limit - coalesce(seen_left, seen_limit));
  seen_span interval := CASE WHEN seen_resets_ms IS NOT NULL THEN greatest(0, seen_resets_ms) * interval '1 millisecond' END;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT * INTO w FROM quota_windows WHERE store = of_store FOR UPDATE;
  at := clock_timestamp();
  DELETE FROM quota_slots WHERE id = of_slot RETURNING taken_at INTO taken;
  IF was_busy THEN
    -- Requests that were in flight together are told together: that is one time, not several.
    IF busy_ms IS NULL AND coalesce(w.busy_until <= at, true) THEN
      w.busy_streak := w.busy_streak + 1;
      -- From 1 s, doubling up to 64 s, with jitter.
      busy_ms := 1000 * 2 ^ (least(w.busy_streak, 7) - 1) * (0.75 + random() / 2);
    END IF;
    UPDATE quota_windows SET busy_streak = w.busy_streak, busy_until = greatest(w.busy_until, at + busy_ms * interval '1 millisecond')
    WHERE store = of_store;
  ELSIF w.busy_streak > 0 AND taken >= w.busy_until THEN
    UPDATE quota_windows SET busy_streak = 0 WHERE store = of_store;
  END IF;
  -- The reply was made after its slot was taken: the window that it speaks of ends later than `taken + seen_span`. One that
  -- may have ended before ours began is an older one, and a slot that expired is too old to speak of any.
  IF seen_limit > 0 AND coalesce(taken + coalesce(seen_span, '0') >= w.opened_at, taken IS NOT NULL) THEN
    IF w.request_limit IS NULL OR w.resets_at IS NULL OR taken + seen_span > w.resets_at THEN
      -- The first word of a window that we did not know.
      SELECT count(*) INTO others FROM quota_slots WHERE store = of_store AND expires_at > at;
      w.used := seen_used + others;
      w.opened_at := at;
      w.resets_at := at + coalesce(seen_span, coalesce(seen_window_ms, w.window_ms, 30000) * interval '1 millisecond');
    ELSE
      -- Of several replies the least that is left counts: requests still on their way are not in the store's figure. What
      -- others than we sent meanwhile may be seen late, by as much as is in flight; the reserve covers that.
      w.used := greatest(w.used, seen_used);
      w.resets_at := least(w.resets_at, at + seen_span);
    END IF;
    UPDATE quota_windows SET request_limit = seen_limit, window_ms = coalesce(seen_window_ms, w.window_ms, 30000),
      used = w.used, opened_at = w.opened_at, resets_at = w.resets_at, observed_at = at
    WHERE store = of_store;
  END IF;
END $$;
