-- Which letter is whose. A row is the author's reservation from before the ledger knows; nothing opens by it alone.
create table letters (
    letter    text primary key check (length(letter) = 64),
    statement text not null check (length(statement) = 64),
    author    text not null,
    owner     text not null
);
create index letters_of_relation on letters (author, owner);

-- Wrapped content keys. `statement` says why the slot is there: the letter's own statement, or a grant.
create table slots (
    statement text  not null check (length(statement) = 64),
    reader    text  not null,
    letter    text  not null check (length(letter) = 64),
    key_id    text  not null check (length(key_id) = 64),
    encoded   bytea not null check (octet_length(encoded) between 1 and 4096),
    primary key (statement, reader)
);
create index slots_of_letter on slots (letter);

-- Signed statements that are in the ledger. The columns beside `signed` are an index of it; decisions read `signed`
-- and check it again, so that a row made by hand opens nothing.
create table statements (
    number       bigint generated always as identity primary key,
    id           text   not null unique check (length(id) = 64),
    kind         text   not null,
    letter       text,
    professional text,
    patient      text,
    signed       bytea  not null check (octet_length(signed) between 1 and 262144),
    ledger_index bigint not null check (ledger_index >= 0)
);
create index statements_of_letter on statements (letter, number);
create index statements_of_relation on statements (professional, patient);

-- Whom a statement names.
create table parties (
    person text   not null,
    number bigint not null references statements (number),
    primary key (person, number)
);

-- Accepted and not yet known to be in the ledger: what a crash or an absent ledger left to finish.
create table outbox (
    id     text  primary key check (length(id) = 64),
    signed bytea not null check (octet_length(signed) between 1 and 262144)
);
