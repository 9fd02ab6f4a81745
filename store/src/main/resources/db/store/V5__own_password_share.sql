-- The share of a password that is being set is made when its person's own device asks for it, with the blinded password
-- it is evaluated for. `asked`: SHA-256 of that; the same question again gets the same answer, any other is refused.
alter table password_share add column asked text check (length(asked) = 64);
