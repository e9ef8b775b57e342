-- Tokens of an organization's month that are set aside for work which is no question.

-- As kalamna.reserve_question does for one; KQ001 when they do not suffice. What was spent goes through settle_question.
create function kalamna.reserve_tokens(estimate bigint) returns json
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
  this_month constant date := date_trunc('month', now() at time zone 'UTC');
  allowed bigint;
  used bigint;
begin
  select q.tokens into allowed from kalamna.quota_of(org) q;
  insert into kalamna.org_usage as u (org_id, month, questions, tokens) values (org, this_month, 0, estimate)
  on conflict (org_id, month) do update set tokens = u.tokens + estimate
  returning u.tokens into used;
  if used > allowed then
    perform kalamna.refuse_quota('KQ001', 'tokens', allowed, used - estimate,
                                 (this_month + interval '1 month') at time zone 'UTC');
  end if;
  return json_build_object('month', this_month, 'reserved', estimate);
end $$;
alter function kalamna.reserve_tokens owner to kalamna_door;
revoke execute on function kalamna.reserve_tokens from public;
grant execute on function kalamna.reserve_tokens to kalamna_app;
