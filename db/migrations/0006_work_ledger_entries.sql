-- What is recorded of a run enters the work ledger in the same transaction; no verb can forget it.
create function enter_commits() returns trigger language plpgsql as $$
begin
  insert into work_entries (repository_id, run_id, worker_id, sha, origin, title, author, at, whereabouts)
  select r.repository_id, c.run_id, coalesce(r.worker_id, w.worker_id), c.sha, c.origin,
    left(split_part(c.message, E'\n', 1), 300), c.author_name, c.at, 'only_here'
  from entered c
  join runs r on r.id = c.run_id
  join workspaces w on w.id = r.workspace_id
  order by c.run_id, c.position
  on conflict (run_id, sha) where sha is not null
  do update set origin = excluded.origin, title = excluded.title, author = excluded.author, at = excluded.at;
  return null;
end $$;
--> statement-breakpoint
create trigger commits_enter_ledger after insert on commits
  referencing new table as entered for each statement execute function enter_commits();
--> statement-breakpoint
create function enter_snapshots() returns trigger language plpgsql as $$
begin
  insert into work_entries (repository_id, run_id, worker_id, sha, origin, title, at, whereabouts, ref)
  select r.repository_id, s.run_id, coalesce(r.worker_id, w.worker_id), s.sha, 'snapshot',
    'What attempt ' || s.number || ' left uncommitted', s.at, 'in_keep_ref', s.ref
  from entered s
  join runs r on r.id = s.run_id
  join workspaces w on w.id = r.workspace_id
  on conflict (run_id, sha) where sha is not null do update set ref = excluded.ref;
  insert into work_entries (repository_id, run_id, worker_id, reason, title, why, at, whereabouts)
  select distinct on (s.run_id, l.left_out ->> 'path') r.repository_id, s.run_id,
    coalesce(r.worker_id, w.worker_id), 'left_out', l.left_out ->> 'path', l.left_out ->> 'why', s.at, 'in_workspace'
  from entered s
  cross join lateral jsonb_array_elements(s.left_out) as l(left_out)
  join runs r on r.id = s.run_id
  join workspaces w on w.id = r.workspace_id
  on conflict (run_id, reason, title) where sha is null
  do update set why = excluded.why, whereabouts = 'in_workspace', looked_at = null;
  return null;
end $$;
--> statement-breakpoint
create trigger snapshots_enter_ledger after insert on snapshots
  referencing new table as entered for each statement execute function enter_snapshots();
--> statement-breakpoint
-- An attempt whose agent worked and of which no head is known was not captured.
create function enter_uncaptured() returns trigger language plpgsql as $$
begin
  insert into work_entries (repository_id, run_id, worker_id, reason, title, why, at, whereabouts)
  select r.repository_id, r.id, new.worker_id, 'uncaptured', r.workspace_path,
    'Its files could not be captured when attempt ' || new.number || ' ended.', new.ended_at, 'in_workspace'
  from runs r where r.id = new.run_id and r.workspace_path is not null
  on conflict (run_id, reason, title) where sha is null
  do update set why = excluded.why, whereabouts = 'in_workspace', looked_at = null, since = excluded.at;
  return null;
end $$;
--> statement-breakpoint
create trigger attempts_enter_ledger after update on attempts for each row
  when (old.ended_at is null and new.ended_at is not null
    and new.head_commit is null and new.agent_started_at is not null)
  execute function enter_uncaptured();
--> statement-breakpoint
-- What was recorded before there was a ledger.
insert into work_entries (repository_id, run_id, worker_id, sha, origin, title, author, at, whereabouts)
select r.repository_id, c.run_id, coalesce(r.worker_id, w.worker_id), c.sha, c.origin,
  left(split_part(c.message, E'\n', 1), 300), c.author_name, c.at, 'only_here'
from commits c
join runs r on r.id = c.run_id
join workspaces w on w.id = r.workspace_id
order by r.number, c.position;
--> statement-breakpoint
insert into work_entries (repository_id, run_id, worker_id, sha, origin, title, at, whereabouts, ref)
select distinct on (r.number, s.sha) r.repository_id, s.run_id, coalesce(r.worker_id, w.worker_id), s.sha,
  'snapshot', 'What attempt ' || s.number || ' left uncommitted', s.at, 'in_keep_ref', s.ref
from snapshots s
join runs r on r.id = s.run_id
join workspaces w on w.id = r.workspace_id
order by r.number, s.sha, s.number desc
on conflict (run_id, sha) where sha is not null do update set ref = excluded.ref;
--> statement-breakpoint
insert into work_entries (repository_id, run_id, worker_id, reason, title, why, at, whereabouts)
select distinct on (s.run_id, l.left_out ->> 'path') r.repository_id, s.run_id,
  coalesce(r.worker_id, w.worker_id), 'left_out', l.left_out ->> 'path', l.left_out ->> 'why', s.at, 'in_workspace'
from snapshots s
cross join lateral jsonb_array_elements(s.left_out) as l(left_out)
join runs r on r.id = s.run_id
join workspaces w on w.id = r.workspace_id
order by s.run_id, l.left_out ->> 'path', s.number desc;
