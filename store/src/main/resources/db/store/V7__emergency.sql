-- Patients who let professionals in in an emergency. `token`: SHA-256 of what only the patient's card and the key
-- server give together; a reader shows it, and says nothing about what the letters hold.
create table emergency_access (
    owner text        primary key,
    token text        not null check (length(token) = 64),
    at    timestamptz not null
);

-- Whom the key server let in, until when; `entered`: the reader showed the token too. Without both nothing is fetched.
create table emergency_reader (
    owner   text        not null references emergency_access on delete cascade,
    reader  text        not null,
    until   timestamptz not null,
    entered boolean     not null default false,
    primary key (owner, reader)
);
