-- So that records of several points can be laid side by side.
alter table router add column ahead_ms bigint not null default 0;
comment on column router.ahead_ms is 'how far its clock was before the centre''s when it told where it is';
