-- Revocation lists in parts: a CA with very many certificates tells each revocation also in a small part.
alter table certificate add column part smallint;
comment on column certificate.part is 'of its CA''s lists, as its distribution point says; null: the whole list alone';
create index certificate_ended on certificate (ca, part) where revoked is not null;
drop index certificate_revoked;
