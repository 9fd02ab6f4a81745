-- Who did what under which contract, where the connection was for remote maintenance: an index of `information`, from
-- which decisions are made.
alter table connection
    add column contract   text,
    add column technician text,
    add column purpose    text;
create index connection_maintenance_asking on connection (asking, since) where contract is not null;
create index connection_maintenance_asked on connection (asked, since) where contract is not null;
