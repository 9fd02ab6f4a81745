-- Several sites in one consultation. Each pair is a request and a connection of its own.
create table session (
    id       text        primary key check (length(id) = 32),
    convener text        not null,
    service  text        not null,
    since    timestamptz not null,
    until    timestamptz not null,
    ended    timestamptz
);
create index session_convener on session (convener) where ended is null;

create table session_site (
    session text not null references session (id),
    router  text not null,
    primary key (session, router)
);
comment on table session_site is 'without the convener; who leaves is taken out';
create index session_site_router on session_site (router);

alter table request add column session text references session (id);
create index request_session on request (session) where session is not null;
