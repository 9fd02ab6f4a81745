-- What the key server has of a person's password: its share of the key of the oblivious function, and OPAQUE's record.
-- `settled`: the store was told that this epoch counts.
create table password (
    person  text        primary key,
    epoch   text        not null check (length(epoch) = 64),
    share   bytea       not null check (octet_length(share) = 32),
    record  bytea       not null check (octet_length(record) = 192),
    settled boolean     not null,
    at      timestamptz not null
);
create index password_unsettled on password (person) where not settled;
create index password_age on password (at);

-- A password that is being set.
create table password_candidate (
    person text        primary key,
    epoch  text        not null check (length(epoch) = 64),
    share  bytea       not null check (octet_length(share) = 32),
    at     timestamptz not null
);

-- Log-ins that were begun and not proven, counted for each ID whether it exists or not.
create table password_guess (
    person text        primary key,
    times  integer     not null check (times > 0),
    last   timestamptz not null
);
create index password_guess_age on password_guess (last);

-- The key of OPAQUE's server, and the seed of answers for IDs that nobody has.
create table password_secret (
    name  text  primary key,
    value bytea not null
);

create table session (
    token  text        primary key check (length(token) = 64),
    person text        not null,
    until  timestamptz not null
);
create index session_person on session (person, until desc);
create index session_age on session (until);

-- What a person is to be told at the next log-in.
create table account_notice (
    number bigint generated always as identity primary key,
    person text        not null,
    kind   text        not null check (kind in ('password-set', 'guessed', 'locked')),
    times  integer     not null,
    at     timestamptz not null
);
create index account_notice_person on account_notice (person, number desc);

-- The account's master key, wrapped on the person's device under the password's export key, a passkey, a card, …
create table account_slot (
    person  text        not null,
    name    text        not null,
    wrapped bytea       not null check (octet_length(wrapped) between 1 and 4096),
    at      timestamptz not null,
    primary key (person, name)
);
