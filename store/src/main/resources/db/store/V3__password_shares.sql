-- This server's shares of the keys under which persons' passwords are evaluated: random numbers that say nothing
-- without the key server's. An epoch is one pair of shares; new passwords and refreshes begin another. It is a
-- candidate until the key server counts on it, then kept, then over for two minutes in which a log-in that began
-- before may still end.
create table password_share (
    person text        not null,
    epoch  text        not null check (length(epoch) = 64),
    share  bytea       not null check (octet_length(share) = 32),
    state  text        not null check (state in ('candidate', 'kept', 'over')),
    at     timestamptz not null,
    primary key (person, epoch)
);

-- Evaluations, counted for each ID whether it exists or not.
create table password_guess (
    person text        primary key,
    times  integer     not null check (times > 0),
    last   timestamptz not null
);
create index password_guess_age on password_guess (last);

-- What the person is to be told about guesses.
create table password_notice (
    number bigint generated always as identity primary key,
    person text        not null,
    times  integer     not null,
    at     timestamptz not null
);
create index password_notice_person on password_notice (person, number desc);

-- Out of it come the shares of IDs that nobody has: always the same for one ID.
create table password_seed (
    alone boolean primary key default true check (alone),
    seed  bytea   not null check (octet_length(seed) = 64)
);
