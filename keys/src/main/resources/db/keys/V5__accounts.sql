-- How often an account's ways in were changed, and what its devices keep beside them, closed under the master key.
create table account (
    person text   primary key,
    number bigint not null check (number > 0),
    head   bytea  not null check (octet_length(head) between 1 and 1024)
);

-- `release`: SHA-256 of what only the holder of this way in can derive; whoever shows it gets a session.
-- `share`: what this server adds to a national ID card's signature; the card alone opens nothing.
alter table account_slot drop constraint account_slot_wrapped_check;
alter table account_slot add constraint account_slot_wrapped_check check (octet_length(wrapped) between 1 and 8192);
alter table account_slot add column release text check (length(release) = 64);
alter table account_slot add column share bytea check (octet_length(share) = 32);
create unique index account_slot_release on account_slot (person, release) where release is not null;

-- Shares of a way in by guardians, each closed for its guardian.
create table account_guardian (
    person   text  not null,
    slot     text  not null,
    position int   not null check (position between 1 and 16),
    guardian text  not null,
    share    bytea not null check (octet_length(share) between 1 and 4096),
    primary key (person, slot, position),
    foreign key (person, slot) references account_slot (person, name) on delete cascade
);
create index account_guardian_of on account_guardian (guardian);

-- A recovery by guardians. For IDs that nobody has, or without guardians, there is a row as well: the answers are
-- the same. `secret`: SHA-256 of what the asking device was given; `key`: that device's, to which shares are closed.
create table recovery (
    id     text        primary key check (length(id) = 64),
    person text        not null,
    slot   text,
    key    bytea       not null check (octet_length(key) = 1216),
    secret text        not null check (length(secret) = 64),
    at     timestamptz not null,
    opens  timestamptz not null,
    vetoed timestamptz
);
create index recovery_person on recovery (person, at desc);
create index recovery_age on recovery (at);

create table recovery_approval (
    recovery    text        not null references recovery (id) on delete cascade,
    position    int         not null,
    guardian    text        not null,
    share       bytea       not null check (octet_length(share) between 1 and 4096),
    signature   bytea       not null check (octet_length(signature) between 1 and 256),
    certificate bytea       not null check (octet_length(certificate) between 1 and 16384),
    at          timestamptz not null,
    primary key (recovery, position)
);

alter table account_notice drop constraint account_notice_kind_check;
alter table account_notice add constraint account_notice_kind_check check (kind in ('password-set', 'guessed', 'locked',
    'ways-changed', 'entered-without-password', 'recovery-asked', 'recovery-approved', 'recovery-vetoed',
    'guarding-asked'));
