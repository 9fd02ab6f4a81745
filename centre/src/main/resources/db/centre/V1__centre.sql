-- What institutions said, signed. The columns beside `signed` are an index of it: decisions read `signed` and check it
-- again, so that a row made by hand connects nobody.
create table declaration (
    id      text        primary key check (length(id) = 64),
    kind    text        not null,
    said_by text        not null,
    subject text        not null,
    router  text,
    request text,
    at      timestamptz not null,
    latest  boolean     not null default true,
    signed  bytea       not null check (octet_length(signed) between 1 and 262144)
);
create unique index declaration_latest on declaration (kind, said_by, subject) where latest;
create index declaration_of_router on declaration (router) where latest;
create index declaration_of_request on declaration (request) where latest;

-- Where a router is now, and the keys that it showed.
create table router (
    identity    text        primary key,
    subscriber  text        not null,
    certificate bytea       not null,
    sealing     bytea       not null check (octet_length(sealing) = 1216),
    host        text        not null,
    port        integer     not null,
    translated  boolean     not null,
    seen        timestamptz not null,
    orders      bigint      not null default 0
);
comment on column router.orders is 'number of its newest order';
create index router_subscriber on router (subscriber);

-- What a router was told to do, until it has said that it knows.
create table router_order (
    router text   not null references router (identity),
    number bigint not null,
    body   bytea  not null,
    primary key (router, number)
);

-- Wishes that wait for a person, or were answered.
create table request (
    id     text        primary key check (length(id) = 64),
    body   bytea       not null,
    asking text        not null,
    asked  text        not null,
    at     timestamptz not null,
    state  text        not null check (state in ('WAITING', 'CONNECTED', 'REFUSED')),
    word   text        not null
);
comment on column request.word is 'JSON: who is asked, or why it was refused, or the connection';
create index request_waiting on request (at) where state = 'WAITING';

create table connection (
    id          text        primary key check (length(id) = 32),
    request     text        not null references request (id),
    asking      text        not null,
    asked       text        not null,
    serial      bigint      not null,
    since       timestamptz not null,
    until       timestamptz not null,
    renew       timestamptz not null,
    ended       timestamptz,
    reason      text,
    asking_up   timestamptz,
    asked_up    timestamptz,
    information bytea       not null
);
create index connection_asking on connection (asking) where ended is null;
create index connection_asked on connection (asked) where ended is null;
create index connection_due on connection (renew) where ended is null;

-- Entries on their way into the ledger.
create table outbox (
    number bigint generated always as identity primary key,
    kind   text not null,
    record text not null check (length(record) = 64)
);

-- What routers reported of traffic: who, when, from where to where; never what.
create table log (
    number     bigint      generated always as identity primary key,
    connection text        not null references connection (id),
    router     text        not null,
    point      text        not null,
    at         timestamptz not null,
    source     text        not null,
    target     text        not null,
    protocol   text        not null,
    port       integer     not null,
    bytes      bigint      not null
);
create index log_of_connection on log (connection, number);
