-- Only digests, sizes, names of persons and times: what a blob holds, nobody here can know.
create table blob (
    digest text primary key,
    size bigint not null,
    at timestamptz not null
);

-- Who brought a blob and has not yet put it into an envelope: may fetch it, and it counts against the quota.
create table upload (
    digest text not null references blob,
    person text not null,
    at timestamptz not null,
    primary key (digest, person)
);
create index upload_person on upload (person);

create table envelope (
    letter text primary key references blob,
    author text not null,
    owner text not null,
    at timestamptz not null
);

create table envelope_object (
    letter text not null references envelope,
    position int not null,
    digest text not null references blob,
    primary key (letter, position)
);
create index envelope_object_digest on envelope_object (digest);

-- One row a giver: a later giver must not take the right to take back from an earlier one.
create table share (
    letter text not null references envelope,
    reader text not null,
    given_by text not null,
    grant_digest text not null,
    until timestamptz not null,
    at timestamptz not null,
    primary key (letter, reader, given_by)
);

create table notice (
    number bigint generated always as identity primary key,
    person text not null,
    letter text not null references envelope,
    about text not null,
    sender text not null,
    at timestamptz not null,
    unique (person, letter, about, sender)
);
create index notice_person on notice (person, number desc);
