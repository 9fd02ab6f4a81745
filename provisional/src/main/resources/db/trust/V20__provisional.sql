-- Provisional registration (room `provisional`), in the authority's database, because a registration and the
-- certificates that it has issued are one transaction.

create table registrar_person (
    person text primary key,
    institution text not null,
    institution_name text not null,
    supervisor text not null,
    quota integer not null check (quota > 0),
    used integer not null default 0 check (used between 0 and quota),
    begun timestamptz not null,
    expires timestamptz not null,
    ended timestamptz
);
comment on column registrar_person.quota is 'how many patients this person may register, in all';

create table provisional (
    patient text primary key,
    registrar text not null,
    supervisor text not null,
    institution text not null,
    institution_name text not null,
    registration bytea not null unique check (octet_length(registration) = 32),
    evidence bytea not null check (octet_length(evidence) = 32),
    begun timestamptz not null,
    until timestamptz not null,
    ticket text not null unique,
    salt bytea not null,
    hash bytea not null,
    failures integer not null default 0,
    others integer not null default 0,
    activation bytea,
    activated timestamptz,
    confirmed timestamptz,
    confirmed_by text,
    suspended timestamptz,
    lapsed timestamptz,
    lapse_logged boolean not null default false
);
comment on column provisional.hash is 'SHA-256 over salt and the secret of the activation ticket';
comment on column provisional.activation is 'SHA-256 of the request that it was activated with';
comment on column provisional.others is 'how often the printed secret was shown again by another device';
create index provisional_registrar on provisional (registrar, begun);
create index provisional_supervisor on provisional (supervisor, begun);
create index provisional_due on provisional (until) where activated is null and suspended is null and lapsed is null;
create index provisional_to_log on provisional (patient) where lapsed is not null and not lapse_logged;
