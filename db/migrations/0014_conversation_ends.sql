-- What an agent was told and what it asked ends with it, whoever moves the run: its open questions are
-- moot. A message that it has not read goes to the next attempt, or stays undelivered when none follows.
create function settle_conversation() returns trigger language plpgsql as $$
declare
  facts jsonb;
begin
  new.interrupt_asked_at := null;
  new.interrupt_asked_by := null;
  update questions set state = 'moot' where run_id = new.id and state = 'open';
  if new.status = 'queued' then
    update messages set state = 'queued', attempt_id = null, handed_over_at = null
      where run_id = new.id and state = 'handed_over';
  elsif new.status in ('succeeded', 'failed', 'cancelled') then
    with undelivered as (
      update messages set state = 'undelivered', ended_at = new.status_since
        where run_id = new.id and state in ('queued', 'handed_over')
        returning id, position
    )
    select jsonb_agg(jsonb_build_object('kind', 'message_moved', 'data',
        jsonb_build_object('messageId', id, 'state', 'undelivered')) order by position)
      into facts from undelivered;
    if facts is not null then
      perform append_run_events(new.id, new.status_since, 'system:coppice', facts);
    end if;
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger runs_settle_conversation before update on runs for each row
  when (old.status is distinct from new.status and new.status not in ('running', 'waiting'))
  execute function settle_conversation();
