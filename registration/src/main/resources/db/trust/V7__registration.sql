-- Registration (room `registration`), in the authority's database, because an act and the certificate that it
-- has issued are one transaction. What follows from the acts of a file (state, turns, accreditation) is kept
-- beside them only to be found quickly.

create table registration_file (
    id bytea primary key check (octet_length(id) = 32),
    accreditation boolean not null,
    opener text not null,
    opened timestamptz not null,
    state text not null,
    device text,
    service text
);
comment on column registration_file.device is 'while the case has a device that is not withdrawn';
comment on column registration_file.service is 'while the case has a service, or applies for one';
create unique index registration_file_device on registration_file (device) where device is not null;
create index registration_file_service on registration_file (service) where service is not null;
create index registration_file_opener on registration_file (opener, opened);

create table registration_act (
    id bytea primary key check (octet_length(id) = 32),
    file bytea not null references registration_file (id),
    number integer not null,
    record bytea not null,
    signed bytea not null,
    issued bytea,
    logged boolean not null default false,
    unique (file, number)
);
comment on column registration_act.issued is 'PkiPath of the certificate that it had issued';
comment on column registration_act.logged is 'its digest is in the ledger';
create index registration_act_to_log on registration_act (file, number) where not logged;

create table registration_party (
    institution text not null,
    file bytea not null references registration_file (id),
    primary key (institution, file)
);

create table registration_turn (
    file bytea not null references registration_file (id),
    institution text not null,
    kind text not null,
    primary key (file, institution, kind)
);
create index registration_turn_institution on registration_turn (institution);

create table accreditation (
    file bytea primary key references registration_file (id),
    institution text not null,
    name text not null,
    role text not null,
    vendor text,
    state text not null,
    until timestamptz
);
create index accreditation_institution on accreditation (institution, role);
create index accreditation_vendor on accreditation (vendor) where vendor is not null;
