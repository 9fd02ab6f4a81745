-- Records of traffic as routers sign them; lines that nobody signed prove nothing and are not kept on (nothing was
-- released with them).
drop table log;
create table log_batch (
    connection text        not null references connection (id),
    router     text        not null,
    number     bigint      not null check (number >= 1),
    arrival    bigint      generated always as identity,
    digest     text        not null check (length(digest) = 64),
    last       boolean     not null,
    at         timestamptz not null,
    signed     bytea       not null check (octet_length(signed) <= 262144),
    primary key (connection, router, number)
);
create index log_batch_arrival on log_batch (connection, arrival);
