-- A CA whose key was compromised: everything that it issued is revoked, a batch a transaction.
create table ca_errand (
    ca text primary key,
    by text not null,
    reason text not null,
    begun timestamptz not null,
    last text not null default '',
    revoked bigint not null default 0,
    finished timestamptz
);
comment on column ca_errand.last is 'serial number, hexadecimal, up to which all is done';
-- Registrars' CAs stand below one key of the person-CA.
alter table registrar_ca add column above text not null default 'person';
