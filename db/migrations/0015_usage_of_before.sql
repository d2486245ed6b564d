-- Attempts that ended before there were entries: their agents' sums, of a model that nobody noted.
insert into usage_entries (attempt_id, model, input_tokens, output_tokens, cached_tokens, cost_usd, at)
select a.id, null, a.input_tokens, a.output_tokens, a.cached_tokens, a.cost_usd, a.ended_at
from attempts a
join runs r on r.id = a.run_id
where r.agent <> 'shell' and a.agent_started_at is not null and a.ended_at is not null
on conflict do nothing;
