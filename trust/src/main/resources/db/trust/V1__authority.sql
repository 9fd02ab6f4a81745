-- The authority's own rows. Plain SQL, PostgreSQL 15 and later.

create table ticket (
    id text primary key,
    kind text not null,
    identity text not null,
    name text not null,
    institution text,
    institution_name text,
    registrar text not null,
    salt bytea not null,
    hash bytea not null,
    expires timestamptz not null,
    failures integer not null default 0,
    redeemed timestamptz,
    request bytea
);
comment on column ticket.hash is 'SHA-256 over salt and secret; the secret itself is nowhere';
comment on column ticket.registrar is 'operator, or the code of the institution that gave it out';
comment on column ticket.request is 'SHA-256 of the request it was redeemed with, for repeated requests';

create table certificate (
    ca text not null,
    serial text not null,
    kind text not null,
    identity text not null,
    use text not null check (use in ('signing', 'sealing')),
    der bytea not null,
    ends timestamptz not null,
    revoked timestamptz,
    reason integer,
    ticket text not null references ticket (id),
    primary key (ca, serial)
);
create index certificate_member on certificate (kind, identity);
create index certificate_ticket on certificate (ticket);
create index certificate_revoked on certificate (ca) where revoked is not null;

create table certified_key (
    digest bytea primary key
);
comment on table certified_key is 'SHA-256 of every public key ever certified: none is certified twice';

create table listing (
    ticket text primary key references ticket (id),
    identity text not null,
    professional boolean not null,
    name text not null,
    institution text,
    institution_name text,
    binding bytea not null,
    entry bytea not null,
    logged boolean not null default false,
    ended timestamptz
);
comment on column listing.entry is 'digest of the key-entry record; logged: it is in the ledger';
create unique index listing_current on listing (identity) where ended is null;
create index listing_to_log on listing (ticket) where not logged;

create table crl (
    ca text primary key,
    number bigint not null
);
insert into crl (ca, number) values ('person', 0), ('server', 0);
