-- Mailboxes, what arrived closed for their people, and what is on its way to partners.

create table mailbox (
    person text primary key,
    chain text not null,
    sealing bytea not null,
    opened timestamptz not null
);
comment on column mailbox.chain is 'certificates of the mailbox, the own one first: base64 of DER, one a line';
comment on column mailbox.sealing is 'X-Wing public key, for which all that arrives is closed';

create table mail (
    number bigint generated always as identity primary key,
    person text not null references mailbox,
    mark bytea not null,
    at timestamptz not null,
    clear boolean not null,
    size integer not null,
    slot bytea not null,
    sealed bytea not null,
    unique (person, mark)
);
comment on column mail.mark is 'by which a repetition of the same mail is known';
comment on column mail.clear is 'it came without encryption and was closed here';
create index mail_of_person on mail (person, number);

create table outgoing (
    person text not null references mailbox,
    id text not null,
    recipient text not null,
    at timestamptz not null,
    state text not null check (state in ('waiting', 'sent', 'failed')),
    tries integer not null default 0,
    due timestamptz,
    said text not null default '',
    digest bytea not null,
    content bytea,
    primary key (person, id)
);
comment on column outgoing.content is 'encrypted for its recipient; gone when it was sent or failed';
create index outgoing_due on outgoing (due) where state = 'waiting';
