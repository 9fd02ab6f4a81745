-- When this server heard from the authority that a registration ended. Nobody's signed word: what is decided takes it
-- for a revocation by the registrar, at that time.
alter table provisional add column ended timestamptz;
create index provisional_followed on provisional (registration) where ended is null;

-- Who confirmed a registration: once each, and so many at most.
create table confirmation (
    registration text not null check (length(registration) = 64),
    person       text not null,
    statement    text not null check (length(statement) = 64),
    primary key (registration, person)
);
