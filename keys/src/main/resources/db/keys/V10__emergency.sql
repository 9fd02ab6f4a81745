-- What a patient allows for emergencies, one at a time. `share`: what this server adds to the card's signature; the
-- card alone opens nothing. `key`: the public half, for the patient's devices. `access` counts only once its statement is on file.
create table emergency (
    patient text        primary key,
    access  text        not null unique check (length(access) = 64),
    key     bytea       not null check (octet_length(key) = 1216),
    share   bytea       not null check (octet_length(share) = 32),
    at      timestamptz not null
);

-- Letters' keys closed for the emergency key. Whoever reads them here can open none: half the key is the card's.
create table emergency_slot (
    patient text  not null references emergency on delete cascade,
    letter  text  not null check (length(letter) = 64),
    encoded bytea not null check (octet_length(encoded) between 1 and 4096),
    primary key (patient, letter)
);

-- What a terminal's element has to answer, once; the last that this reader asked for about this patient.
create table emergency_nonce (
    reader  text        not null,
    patient text        not null,
    nonce   bytea       not null check (octet_length(nonce) = 32),
    at      timestamptz not null,
    primary key (reader, patient)
);

-- Terminals that the operator accredited, by the name of their element.
create table emergency_terminal (
    element     text        primary key check (length(element) = 64),
    point       bytea       not null check (octet_length(point) = 65),
    institution text        not null,
    until       timestamptz not null
);

-- How often somebody opened in an emergency, or was opened, on the newest day.
create table emergency_count (
    person text    primary key,
    day    date    not null,
    times  integer not null check (times > 0)
);

alter table account_notice drop constraint account_notice_kind_check;
alter table account_notice add constraint account_notice_kind_check check (kind in ('password-set', 'guessed', 'locked',
    'ways-changed', 'entered-without-password', 'recovery-asked', 'recovery-approved', 'recovery-vetoed',
    'guarding-asked', 'guarding-vetoed', 'emergency-opened', 'guarding-emergency'));
