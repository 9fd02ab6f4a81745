-- How often somebody opened a letter on the newest day: who opens without end would bury the trail that others read.
create table openings (
    letter text    not null check (length(letter) = 64),
    reader text    not null,
    day    date    not null,
    times  integer not null check (times > 0),
    primary key (letter, reader)
);
