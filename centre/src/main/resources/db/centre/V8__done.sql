-- Which order a router did last: a centre that was set back to an older backup sees by it that it is not where its
-- routers are.
alter table router
    add column done      bigint not null default 0,
    add column done_mark text;
