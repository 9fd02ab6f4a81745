-- CAs of accredited institutions: narrow, short-lived, counted.
create table registrar_ca (
    name text primary key,
    institution text not null,
    institution_name text not null,
    serial text not null,
    quota integer not null check (quota > 0),
    used integer not null default 0 check (used between 0 and quota),
    begun timestamptz not null,
    expires timestamptz not null,
    ended timestamptz
);
create index registrar_ca_institution on registrar_ca (institution);
comment on column registrar_ca.serial is 'of its certificate, hexadecimal; the person-CA''s list ends it';
comment on column registrar_ca.quota is 'how many persons it may enrol, in all';
alter table ticket add column registrar_ca text references registrar_ca (name);
comment on column ticket.registrar_ca is 'the CA that is to issue, if not the person-CA';
