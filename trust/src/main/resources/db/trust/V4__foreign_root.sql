-- Changes of the list of foreign roots, in order; the list is what they add up to.

create table foreign_root_change (
    number bigint primary key,
    record bytea not null,
    logged boolean not null default false
);
comment on column foreign_root_change.record is 'canonical record of the event foreign-root; logged: its digest is in the ledger';
