-- Log servers of organizations: an MCP server whose tool searches the organization's production logs.

create table kalamna.log_connections (
  org_id uuid primary key references kalamna.organizations on delete cascade,
  -- Sealed (infra/sealing): address and headers, either of which may hold a secret. What may be shown of them stands beside.
  server text not null,
  origin text not null check (length(origin) between 1 and 300),
  header_names text[] not null default '{}' check (cardinality(header_names) <= 10),
  tool text not null check (length(tool) between 1 and 200),
  -- How the tool is called, and what is taken out of its lines (domain/telemetry/connection.ts).
  arguments jsonb not null check (jsonb_typeof(arguments) = 'object'),
  redaction jsonb not null check (jsonb_typeof(redaction) = 'object'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table kalamna.log_connections enable row level security;
alter table kalamna.log_connections force row level security;
-- Internal admins and deferred work only, whatever the route forgot.
create policy tenant on kalamna.log_connections to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin' and kalamna.access() = 1)
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin' and kalamna.access() = 1);
create policy door on kalamna.log_connections for select to kalamna_door using (true);
create policy remover on kalamna.log_connections for select to kalamna_remover using (true);
grant select, insert, delete,
      update (server, origin, header_names, tool, arguments, redaction, updated_at) on kalamna.log_connections to kalamna_app;
grant select (org_id, server) on kalamna.log_connections to kalamna_door;
grant select (org_id) on kalamna.log_connections to kalamna_remover;

-- Connections that were sealed with another key than `key_id`.
create function kalamna.log_connections_sealed_before(key_id text, most int) returns table (org_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select c.org_id from kalamna.log_connections c join kalamna.organizations o on o.id = c.org_id and o.status = 'active'
   where not starts_with(c.server, 'v1:' || key_id || ':')
   limit most;
end;
alter function kalamna.log_connections_sealed_before owner to kalamna_door;
revoke execute on function kalamna.log_connections_sealed_before from public;
grant execute on function kalamna.log_connections_sealed_before to kalamna_system;
