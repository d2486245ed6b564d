-- Appends facts to a run and wakes readers, in one statement. The lock makes ids follow commit order; each
-- statement of the function sees what was committed before it had the lock. Key: db/locks.ts, appendEvent.
create function append_run_events(of_run uuid, happened timestamptz, who text, facts jsonb)
returns bigint language plpgsql as $$
declare
  fact jsonb;
  last_seq integer;
  last_id bigint;
begin
  perform pg_advisory_xact_lock(727002);
  select coalesce(max(seq), 0) into last_seq from run_events where run_id = of_run;
  for fact in select value from jsonb_array_elements(facts) loop
    last_seq := last_seq + 1;
    insert into run_events (run_id, seq, kind, at, actor, data)
    values (of_run, last_seq, fact ->> 'kind', happened, coalesce(fact ->> 'actor', who), fact -> 'data')
    returning id into last_id;
    perform pg_notify('coppice_events', json_build_object(
      'id', last_id, 'runId', of_run, 'kind', fact ->> 'kind', 'status', fact -> 'data' ->> 'to')::text);
  end loop;
  return last_id;
end $$;
--> statement-breakpoint
-- The hash that the next entry of the audit log follows; nobody else appends until the transaction ends.
-- Key: db/locks.ts, appendAudit.
create function lock_audit_log() returns text language plpgsql as $$
begin
  perform pg_advisory_xact_lock(727003);
  return (select hash from audit_log order by id desc limit 1);
end $$;
