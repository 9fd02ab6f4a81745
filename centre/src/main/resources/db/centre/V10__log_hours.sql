-- How much a router handed in within an hour: one in wrong hands must not fill the disk of all.
create table log_hour (
    router  text        primary key,
    since   timestamptz not null,
    batches integer     not null,
    bytes   bigint      not null
);
