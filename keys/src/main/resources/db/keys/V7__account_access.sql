-- SHA-256 of what only holders of the account's master key can derive: a change of the ways in, and another password
-- without a certificate, have to show it. An account from before this column has none until its next change.
alter table account add column access text check (length(access) = 64);

-- Where a recovery was asked from: an address, for IPv6 the /64. One place crowds out only its own.
alter table recovery add column place text not null default '';
create index recovery_place on recovery (place, at desc);

alter table account_notice drop constraint account_notice_kind_check;
alter table account_notice add constraint account_notice_kind_check check (kind in ('password-set', 'guessed', 'locked',
    'ways-changed', 'entered-without-password', 'recovery-asked', 'recovery-approved', 'recovery-vetoed',
    'guarding-asked', 'guarding-vetoed'));
create index account_notice_age on account_notice (at);
