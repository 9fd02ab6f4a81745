-- Papers that go with an order lie here as declarations already: they are named, not written once more.
alter table router_order add column papers text[] not null default '{}';
-- Base64 of signatures and ciphertext does not shrink; trying took a tenth of a millisecond for each.
alter table router_order alter column body set storage external;
alter table connection alter column information set storage external;
