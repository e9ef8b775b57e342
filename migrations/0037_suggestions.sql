-- Suggestions for teaching that need no admin any more: dismissed, or taught.

create table kalamna.suggestion_marks (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references kalamna.organizations on delete cascade,
  -- Numbers of the question's content words (src/domain/knowledge/marked.ts). Its text goes when its message does.
  terms int[] not null,
  -- What was taught for it; questions from before that are settled. Null: dismissed, however often it is asked.
  taught_id uuid,
  marked_by uuid,
  created_at timestamptz not null default now(),
  foreign key (org_id, taught_id) references kalamna.taught_answers (org_id, id) on delete cascade,
  foreign key (org_id, marked_by) references kalamna.users (org_id, id) on delete set null (marked_by)
);
create index suggestion_marks_newest on kalamna.suggestion_marks (org_id, created_at desc);
create index suggestion_marks_taught on kalamna.suggestion_marks (org_id, taught_id) where taught_id is not null;
alter table kalamna.suggestion_marks enable row level security;
alter table kalamna.suggestion_marks force row level security;
create policy tenant on kalamna.suggestion_marks to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin');
create policy remover on kalamna.suggestion_marks for select to kalamna_remover using (true);
grant select, insert on kalamna.suggestion_marks to kalamna_app;
grant select (org_id) on kalamna.suggestion_marks to kalamna_remover;

-- What was asked with a message, as it stands alone, and what somebody said the answer should be. For admins, who see
-- the wordings of all questions in groups (kalamna.asked_questions).
create function kalamna.asked_question(message uuid)
returns table (question text, expected_answer text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if kalamna.role() <> 'admin' then
    raise exception 'not an admin' using errcode = '42501';
  end if;
  return query
    select coalesce(m.standalone_question, m.question), f.expected_answer
      from kalamna.messages m left join kalamna.feedback f on f.org_id = m.org_id and f.message_id = m.id
     where m.org_id = kalamna.org_id() and m.id = message;
end $$;
alter function kalamna.asked_question owner to kalamna_door;
revoke execute on function kalamna.asked_question from public;
grant execute on function kalamna.asked_question to kalamna_app;
