-- Sealing keys that printed activation secrets give. When such a key is over (activated, lapsed, suspended) its slots are
-- gone and no letter is filed for it any more.
create table provisional (
    registration text primary key check (length(registration) = 64),
    patient      text        not null,
    key_id       text        not null check (length(key_id) = 64),
    until        timestamptz not null,
    done         boolean     not null default false
);
create index provisional_key on provisional (key_id);
create index provisional_due on provisional (until) where not done;
