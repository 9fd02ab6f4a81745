-- Each entry of the key directory names the one before it. Entries without a place cannot be proven any more: a
-- region of before this version, of which there is none in service, would have to be founded anew.
alter table listing add column number integer not null;
alter table listing add column before bytea;
create unique index listing_number on listing (identity, number);
comment on column listing.before is 'digest of the key-entry record with the number before';
