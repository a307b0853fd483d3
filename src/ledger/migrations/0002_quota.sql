-- P12 as two functions, one round trip each: the window's row lock makes all workers' requests one after another.

-- Takes a token and a slot, or says what to wait for and how long. reserve: share of the window kept for the merchant.
CREATE FUNCTION quota_acquire(
  of_store text, of_resource text, resource_slots integer, timeout_ms integer, slots integer, reserve integer
) RETURNS TABLE (slot_id bigint, wait_ms integer, cause text) LANGUAGE plpgsql AS $$
DECLARE
  w quota_windows%ROWTYPE;
  at timestamptz;
  in_flight integer;
  in_resource integer;
  first_end timestamptz;
BEGIN
  INSERT INTO quota_windows (store) VALUES (of_store) ON CONFLICT DO NOTHING;
  SELECT * INTO w FROM quota_windows WHERE store = of_store FOR UPDATE;
  at := clock_timestamp();
  IF w.busy_until > at THEN
    RETURN QUERY SELECT NULL::bigint, millis(w.busy_until - at), coalesce(w.busy_cause, 'store is busy');
    RETURN;
  END IF;
  DELETE FROM quota_slots WHERE store = of_store AND expires_at <= at;
  SELECT count(*), count(*) FILTER (WHERE resource = of_resource), min(expires_at)
    INTO in_flight, in_resource, first_end FROM quota_slots WHERE store = of_store;
  IF in_flight >= slots THEN
    RETURN QUERY SELECT NULL::bigint, millis(first_end - at), 'concurrency'::text;
    RETURN;
  ELSIF in_resource >= resource_slots THEN
    RETURN QUERY SELECT NULL::bigint, millis(first_end - at), 'resource cap'::text;
    RETURN;
  END IF;
  IF w.request_limit IS NOT NULL THEN
    -- Tokens die with their window.
    IF w.resets_at IS NULL OR w.resets_at <= at THEN
      w.used := 0;
      w.resets_at := at + w.window_ms * interval '1 millisecond';
    END IF;
    IF w.used >= w.request_limit THEN
      RETURN QUERY SELECT NULL::bigint, millis(w.resets_at - at), 'window used up'::text;
      RETURN;
    ELSIF w.used >= floor(w.request_limit * (100 - reserve) / 100.0) THEN
      RETURN QUERY SELECT NULL::bigint, millis(w.resets_at - at), 'reserve kept for the merchant'::text;
      RETURN;
    END IF;
  END IF;
  UPDATE quota_windows SET used = w.used + 1, resets_at = w.resets_at WHERE store = of_store;
  RETURN QUERY INSERT INTO quota_slots (store, resource, expires_at)
    VALUES (of_store, of_resource, at + timeout_ms * interval '1 millisecond') RETURNING id, 0, ''::text;
END $$;

CREATE FUNCTION millis(span interval) RETURNS integer LANGUAGE sql IMMUTABLE AS
  $$ SELECT greatest(1, ceil(extract(epoch FROM span) * 1000))::integer $$;

-- Gives the slot back and takes in what the reply said of the quota. Of several replies the least that is left counts:
-- requests still in flight are not in the store's figure yet.
CREATE FUNCTION quota_release(
  of_slot bigint, of_store text, seen_limit integer, seen_left integer, seen_window_ms integer, seen_resets_ms integer, busy_ms integer
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := clock_timestamp();
  in_flight integer;
BEGIN
  DELETE FROM quota_slots WHERE id = of_slot;
  IF busy_ms IS NOT NULL THEN
    UPDATE quota_windows SET busy_until = greatest(busy_until, at + busy_ms * interval '1 millisecond'), busy_cause = 'store is busy'
    WHERE store = of_store;
  END IF;
  IF seen_limit IS NULL THEN
    RETURN;
  END IF;
  SELECT count(*) INTO in_flight FROM quota_slots WHERE store = of_store AND expires_at > at;
  UPDATE quota_windows SET
    request_limit = seen_limit,
    window_ms = coalesce(seen_window_ms, window_ms, 30000),
    used = CASE
      WHEN seen_left IS NULL THEN used
      -- A reply of the window that we count in can only raise the count; one of a newer window starts it anew.
      WHEN seen_resets_ms IS NOT NULL AND resets_at IS NOT NULL
        AND at + seen_resets_ms * interval '1 millisecond' > resets_at + interval '1 second'
        THEN seen_limit - seen_left + in_flight
      ELSE greatest(used, seen_limit - seen_left) END,
    resets_at = CASE WHEN seen_resets_ms IS NULL THEN resets_at ELSE at + seen_resets_ms * interval '1 millisecond' END,
    observed_at = at
  WHERE store = of_store;
END $$;
