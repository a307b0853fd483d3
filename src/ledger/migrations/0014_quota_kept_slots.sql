-- A worker that has more to send keeps a slot for a moment, with some tokens drawn ahead, instead of a statement or two for
-- each request (P12). What is drawn ahead is counted as used, is never more than half of what all slots could still take of
-- the window, ends with the window, and what is left of it comes back with the slot.
DROP FUNCTION quota_handover(bigint, text, integer, integer, integer, integer, boolean, integer,
  text, integer, integer, integer, integer, text, integer);
DROP FUNCTION quota_acquire(text, text, integer, integer, integer, integer, text, integer);
DROP FUNCTION quota_release(bigint, text, integer, integer, integer, integer, boolean, integer);

-- Requests that may be sent on it, one after the other.
ALTER TABLE quota_slots ADD COLUMN tokens integer NOT NULL DEFAULT 1;

-- Takes a slot and tokens, or says what to wait for and how long. slots: requests in flight at once; reserve: percent of the
-- window kept for the merchant; in_line: requests of this process that wait, this one included; keep: for how long the
-- process would send more than one request on it. keep_ms: for how long it may.
CREATE FUNCTION quota_acquire(
  of_store text, of_resource text, resource_slots integer, timeout_ms integer, slots integer, reserve integer, of_waiter text, in_line integer, keep integer
) RETURNS TABLE (slot_id bigint, wait_ms integer, cause text, tokens integer, keep_ms integer, request_limit integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
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
  drawn integer := 64;
  kept integer := keep;
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
    RETURN QUERY SELECT NULL::bigint, millis(coalesce(until, at) - at), waits_for, 0, 0, w.request_limit;
    RETURN;
  END IF;
  DELETE FROM quota_waits WHERE store = of_store AND (waiter = of_waiter OR seen_at < at - interval '1 minute');
  -- A store that told no limit has no window to count in.
  IF w.request_limit IS NOT NULL THEN
    drawn := least(drawn, floor((quota_share(w.request_limit, reserve) - w.used) / (2.0 * slots)));
    -- We know the window's end a little late: shortly before it the ledger is asked for each request.
    kept := least(kept, floor(extract(epoch FROM w.resets_at - at) * 1000) - 100);
  END IF;
  drawn := CASE WHEN kept > 0 THEN greatest(1, drawn) ELSE 1 END;
  IF w.request_limit IS NOT NULL THEN
    UPDATE quota_windows SET used = w.used + drawn, opened_at = w.opened_at, resets_at = w.resets_at WHERE store = of_store;
  END IF;
  RETURN QUERY INSERT INTO quota_slots (store, resource, taken_at, expires_at, tokens)
    VALUES (of_store, of_resource, at, at + (timeout_ms + greatest(kept, 0)) * interval '1 millisecond', drawn)
    RETURNING id, 0, ''::text, tokens, greatest(kept, 0), w.request_limit;
END $$;

-- Gives the slot back with the tokens that were not used, and takes in what the last reply said: of the quota, and whether the
-- store was busy (busy_ms null: it did not say for how long). The worker's clock is not ours, so it tells spans: sent_ms: from
-- our answer to it until the request of that reply was sent; seen_ms: from its asking us until that reply came; age_ms: from
-- then until it told us.
CREATE FUNCTION quota_release(
  of_slot bigint, of_store text, seen_limit integer, seen_left integer, seen_window_ms integer, seen_resets_ms integer,
  was_busy boolean, busy_ms integer, unused integer, sent_ms integer, seen_ms integer, age_ms integer
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  w quota_windows%ROWTYPE;
  at timestamptz;
  taken timestamptz;
  -- Not before this time the request was sent, and not after this one its reply came.
  sent timestamptz;
  seen timestamptz;
  others integer;
  seen_used integer := greatest(0, seen_limit - coalesce(seen_left, seen_limit));
  seen_span interval := CASE WHEN seen_resets_ms IS NOT NULL THEN greatest(0, seen_resets_ms) * interval '1 millisecond' END;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT * INTO w FROM quota_windows WHERE store = of_store FOR UPDATE;
  at := clock_timestamp();
  DELETE FROM quota_slots WHERE id = of_slot RETURNING taken_at INTO taken;
  sent := taken + sent_ms * interval '1 millisecond';
  seen := least(taken + seen_ms * interval '1 millisecond', statement_timestamp() - age_ms * interval '1 millisecond');
  IF was_busy THEN
    -- Requests that were in flight together are told together: that is one time, not several.
    IF busy_ms IS NULL AND coalesce(w.busy_until <= at, true) THEN
      w.busy_streak := w.busy_streak + 1;
      -- From 1 s, doubling up to 64 s, with jitter.
      busy_ms := 1000 * 2 ^ (least(w.busy_streak, 7) - 1) * (0.75 + random() / 2);
    END IF;
    UPDATE quota_windows SET busy_streak = w.busy_streak, busy_until = greatest(w.busy_until, at + busy_ms * interval '1 millisecond')
    WHERE store = of_store;
  ELSIF w.busy_streak > 0 AND sent >= w.busy_until THEN
    UPDATE quota_windows SET busy_streak = 0 WHERE store = of_store;
  END IF;
  -- Tokens that were drawn in this window are there for others again.
  IF unused > 0 AND w.request_limit IS NOT NULL AND taken >= w.opened_at THEN
    w.used := greatest(0, w.used - unused);
    UPDATE quota_windows SET used = w.used WHERE store = of_store;
  END IF;
  -- The reply was made after its request was sent: the window that it speaks of ends later than `sent + seen_span`. One that
  -- may have ended before ours began is an older one, and a slot that expired is too old to speak of any.
  IF seen_limit > 0 AND coalesce(sent + coalesce(seen_span, '0') >= w.opened_at, sent IS NOT NULL) THEN
    IF w.request_limit IS NULL OR w.resets_at IS NULL OR sent + seen_span > w.resets_at THEN
      -- The first word of a window that we did not know. Before any limit is known each slot comes back with its first reply.
      SELECT CASE WHEN w.request_limit IS NULL THEN count(*) ELSE coalesce(sum(tokens), 0) END INTO others
      FROM quota_slots WHERE store = of_store AND expires_at > at;
      w.used := seen_used + others;
      w.opened_at := at;
      w.resets_at := seen + coalesce(seen_span, coalesce(seen_window_ms, w.window_ms, 30000) * interval '1 millisecond');
    ELSE
      -- Of several replies the least that is left counts: requests still on their way are not in the store's figure. What
      -- others than we sent meanwhile may be seen late, by as much as is in flight; the reserve covers that.
      w.used := greatest(w.used, seen_used);
      w.resets_at := least(w.resets_at, seen + seen_span);
    END IF;
    UPDATE quota_windows SET request_limit = seen_limit, window_ms = coalesce(seen_window_ms, w.window_ms, 30000),
      used = w.used, opened_at = w.opened_at, resets_at = w.resets_at, observed_at = at
    WHERE store = of_store;
  END IF;
END $$;

-- A slot that is given back goes to the next in line in the same round trip. What is said of the quota is taken in before the
-- next request is weighed.
CREATE FUNCTION quota_handover(
  of_slot bigint, of_store text, seen_limit integer, seen_left integer, seen_window_ms integer, seen_resets_ms integer,
  was_busy boolean, busy_ms integer, unused integer, sent_ms integer, seen_ms integer, age_ms integer,
  of_resource text, resource_slots integer, timeout_ms integer, slots integer, reserve integer, of_waiter text, in_line integer, keep integer
) RETURNS TABLE (slot_id bigint, wait_ms integer, cause text, tokens integer, keep_ms integer, request_limit integer) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM quota_release(of_slot, of_store, seen_limit, seen_left, seen_window_ms, seen_resets_ms, was_busy, busy_ms, unused, sent_ms, seen_ms, age_ms);
  RETURN QUERY SELECT * FROM quota_acquire(of_store, of_resource, resource_slots, timeout_ms, slots, reserve, of_waiter, in_line, keep);
END $$;
