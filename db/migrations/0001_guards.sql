-- An ended run is a fact: no column of it changes any more.
create function refuse_change_of_ended_run() returns trigger language plpgsql as $$
begin
  raise exception 'run % has ended as %; an ended run never changes', old.id, old.status
    using errcode = 'check_violation', constraint = 'runs_ended_is_final';
end $$;
--> statement-breakpoint
create trigger runs_ended_is_final before update on runs for each row
  when (old.status in ('succeeded', 'failed', 'cancelled')) execute function refuse_change_of_ended_run();
--> statement-breakpoint
-- The fence only rises.
create function refuse_lower_fence() returns trigger language plpgsql as $$
begin
  raise exception 'the fence of run % would fall from % to %', old.id, old.fence, new.fence
    using errcode = 'check_violation', constraint = 'runs_fence_rises';
end $$;
--> statement-breakpoint
create trigger runs_fence_rises before update on runs for each row
  when (new.fence < old.fence) execute function refuse_lower_fence();
--> statement-breakpoint
-- What is appended is never rewritten.
create function refuse_rewrite() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name
    using errcode = 'check_violation', constraint = tg_table_name || '_append_only';
end $$;
--> statement-breakpoint
create trigger run_events_append_only before update or delete on run_events
  for each row execute function refuse_rewrite();
--> statement-breakpoint
create trigger transcript_entries_append_only before update on transcript_entries
  for each row execute function refuse_rewrite();
--> statement-breakpoint
create trigger audit_log_append_only before update or delete on audit_log
  for each row execute function refuse_rewrite();
--> statement-breakpoint
create trigger workflow_versions_append_only before update or delete on workflow_versions
  for each row execute function refuse_rewrite();
--> statement-breakpoint
-- Output is incompressible by rule: kept out of line and as it is, 132 MB/s against a third of that.
alter table output_chunks alter column bytes set storage external;
--> statement-breakpoint
-- Sessions and temporary workspaces name one another: checked when the transaction commits.
alter table workspaces add constraint workspaces_session foreign key (session_id)
  references sessions (id) deferrable initially deferred;
--> statement-breakpoint
alter table workspaces add constraint workspaces_held_session foreign key (held_session_id)
  references sessions (id) deferrable initially deferred;
