-- ACME (RFC 8555): bindings, accounts, orders.
create table acme_binding (
    kid text primary key,
    role text not null,
    host text not null,
    created timestamptz not null,
    expires timestamptz not null,
    failures integer not null default 0,
    used boolean not null default false
);
comment on table acme_binding is 'external account bindings; their keys are derived from a key that is in no row';
create table acme_account (
    id text primary key,
    binding text not null unique references acme_binding (kid),
    thumbprint text not null unique,
    key text not null,
    status text not null check (status in ('valid', 'deactivated', 'revoked')),
    created timestamptz not null
);
comment on column acme_account.key is 'public JWK; thumbprint: RFC 7638';
create table acme_order (
    id text primary key,
    account text not null references acme_account (id),
    status text not null check (status in ('ready', 'valid', 'invalid')),
    created timestamptz not null,
    expires timestamptz not null,
    replaces text,
    request bytea,
    issued timestamptz,
    chain text,
    renewal text unique,
    check ((status = 'valid') = (chain is not null))
);
comment on column acme_order.request is 'SHA-256 of the PKCS#10 that it was answered with';
comment on column acme_order.renewal is 'the certificate''s name in RFC 9773; replaces: that of the one before';
create index acme_order_account on acme_order (account, created);
