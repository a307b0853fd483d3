-- A slot that is given back goes to the next in line in the same round trip: between two requests of a busy worker lies one
-- statement instead of two. What is said of the quota is taken in before the next request is weighed.
CREATE FUNCTION quota_handover(
  of_slot bigint, of_store text, seen_limit integer, seen_left integer, seen_window_ms integer, seen_resets_ms integer,
  was_busy boolean, busy_ms integer,
  of_resource text, resource_slots integer, timeout_ms integer, slots integer, reserve integer, of_waiter text, in_line integer
) RETURNS TABLE (slot_id bigint, wait_ms integer, cause text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM quota_release(of_slot, of_store, seen_limit, seen_left, seen_window_ms, seen_resets_ms, was_busy, busy_ms);
  RETURN QUERY SELECT * FROM quota_acquire(of_store, of_resource, resource_slots, timeout_ms, slots, reserve, of_waiter, in_line);
END $$;
