-- Who issues the invoices; the newest row counts.
create table issuer (
    number bigint generated always as identity primary key,
    body   bytea       not null,
    at     timestamptz not null
);

-- A plan never changes: another price is another plan.
create table plan (
    name text    primary key,
    body bytea   not null,
    open boolean not null
);

create table account (
    institution text  primary key check (institution ~ '^[0-9]{10}$'),
    name        text  not null,
    last        text  check (last ~ '^[0-9]{4}-[0-9]{2}$'),
    contact     bytea not null
);
comment on column account.last is 'the last month that is paid for; absent while it goes on';

-- From which month on an institution has which plan.
create table subscription (
    institution text not null references account,
    since       text not null check (since ~ '^[0-9]{4}-[0-9]{2}$'),
    plan        text not null references plan,
    primary key (institution, since)
);

-- What the region's servers counted, and until when each of them was asked. Counts only grow.
create table seen (
    source      text   not null,
    month       text   not null,
    institution text   not null,
    measure     text   not null,
    amount      bigint not null check (amount >= 0),
    primary key (month, institution, measure, source)
);
create table asked (
    source text        not null,
    month  text        not null,
    as_of  timestamptz not null,
    primary key (source, month)
);

-- Invoices and credit notes under one row of numbers without gaps. What was issued is never changed.
create table invoice (
    number      bigint primary key check (number > 0),
    institution text   not null references account,
    month       text   not null,
    corrects    bigint unique references invoice (number),
    edition     int    not null,
    total       bigint not null,
    net         bigint not null,
    body        bytea  not null check (octet_length(body) <= 65536),
    digest      text   not null check (length(digest) = 64)
);
comment on column invoice.corrects is 'of a credit note: the invoice that it takes back';
comment on column invoice.digest is 'SHA-256 over the digest before and the body';
create unique index invoice_once on invoice (institution, month, edition) where corrects is null;
create index invoice_month on invoice (month);

create function never() returns trigger language plpgsql as $$
begin
    raise exception 'an issued invoice is never changed or deleted';
end $$;
create trigger invoice_stays before update or delete on invoice for each row execute function never();
create trigger invoice_stays_whole before truncate on invoice for each statement execute function never();

create table expense (
    number bigint generated always as identity primary key,
    month  text   not null,
    what   text   not null,
    yen    bigint not null,
    entry  text   not null unique
);
comment on column expense.entry is 'the operator''s own number of the entry: the same one again changes nothing';
