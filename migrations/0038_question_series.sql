-- Questions over time say how each ended and how long answers took, so that a day can be read as its whole.

drop function kalamna.question_series;
create function kalamna.question_series(since timestamptz, until timestamptz, step text, zone text)
returns table (period text, questions int, people int, answered int, grounded int, not_in_documents int, failed int,
               stopped int, cache_hits int, up int, down int, tokens float8, cost float8, p50_ms float8, p95_ms float8)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform kalamna.demand_analyst();
  return query
    with periods as (
      select generate_series(date_trunc(step, since at time zone zone), (until - interval '1 microsecond') at time zone zone,
                             ('1 ' || step)::interval) as start
    ), counted as (
      select date_trunc(step, m.created_at at time zone zone) as start, count(*) as asked,
             count(distinct coalesce(m.user_id, m.visitor_id, m.key_id)) as who,
             count(*) filter (where m.status = 'complete' and not m.off_topic) as answered,
             count(*) filter (where m.grounded) as grounded,
             count(*) filter (where m.status = 'complete' and (m.off_topic or not m.grounded)) as open,
             count(*) filter (where m.status = 'failed') as failed,
             count(*) filter (where m.status = 'stopped') as stopped,
             count(*) filter (where m.cache = 'hit') as hits,
             count(*) filter (where f.rating = 1) as up, count(*) filter (where f.rating = -1) as down,
             sum(coalesce(m.prompt_tokens, 0) + coalesce(m.completion_tokens, 0)) as tokens, sum(m.cost) as cost,
             percentile_cont(array[.5, .95]) within group (
               order by extract(epoch from m.finished_at - m.created_at) * 1000) as ms
        from kalamna.messages m left join kalamna.feedback f on f.org_id = m.org_id and f.message_id = m.id
       where m.org_id = kalamna.org_id() and m.created_at >= since and m.created_at < until and m.status <> 'answering'
       group by 1
    )
    select to_char(p.start, 'YYYY-MM-DD"T"HH24:MI'), coalesce(c.asked, 0)::int, coalesce(c.who, 0)::int,
           coalesce(c.answered, 0)::int, coalesce(c.grounded, 0)::int, coalesce(c.open, 0)::int,
           coalesce(c.failed, 0)::int, coalesce(c.stopped, 0)::int, coalesce(c.hits, 0)::int,
           coalesce(c.up, 0)::int, coalesce(c.down, 0)::int,
           coalesce(c.tokens, 0)::float8, coalesce(c.cost, 0)::float8, round(c.ms[1])::float8, round(c.ms[2])::float8
      from periods p left join counted c using (start) order by p.start;
end $$;
alter function kalamna.question_series owner to kalamna_door;
revoke execute on function kalamna.question_series from public;
grant execute on function kalamna.question_series to kalamna_app;
