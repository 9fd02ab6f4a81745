-- Whoever was revoked as a whole, and when: an authorisation from before (an ACME account) ends with it.
create table withdrawal (
    kind text not null,
    identity text not null,
    name text not null,
    at timestamptz not null
);
create index withdrawal_member on withdrawal (kind, identity, name);
comment on table withdrawal is 'not of persons: they hold no standing authorisation';
