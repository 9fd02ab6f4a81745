-- What institutions used, by month: counted in the transaction of the deed itself. Written and read by the room usage;
-- institutions, months and numbers, never a person.
create table usage_tally (
    institution text   not null check (institution ~ '^[0-9]{10}$'),
    month       text   not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
    measure     text   not null,
    amount      bigint not null check (amount >= 0),
    primary key (institution, month, measure)
);
create index usage_tally_month on usage_tally (month);
