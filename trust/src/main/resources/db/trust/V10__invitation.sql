-- Invitations: tickets on which nothing is issued before somebody at the desk confirmed the device that showed them.
alter table ticket add column invitation boolean not null default false;
alter table ticket add column bound bytea;
alter table ticket add column others integer not null default 0;
alter table ticket add column wrong integer not null default 0;
alter table ticket add column confirmed timestamptz;
alter table ticket add column declined timestamptz;
comment on column ticket.bound is 'SHA-256 of the request of the first device that showed the invitation';
comment on column ticket.others is 'how often another device showed it after that';
comment on column ticket.wrong is 'how often another code was confirmed than the one that device shows';
