-- Certificates for mailboxes: letters to and from people of other PKIs.
alter table certificate drop constraint certificate_use_check;
alter table certificate add constraint certificate_use_check check (use in ('signing', 'sealing', 'mail'));
