-- Where else a router is: its address of the other kind, IPv4 or IPv6, as it says itself.
alter table router
    add column other_host       text,
    add column other_translated boolean,
    add constraint router_other check ((other_host is null) = (other_translated is null));
