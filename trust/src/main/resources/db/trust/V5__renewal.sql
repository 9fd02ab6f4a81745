-- Renewal: every certificate hangs on a ticket, a renewed one on a ticket that was redeemed as it was made.
alter table ticket add column renews text;
comment on column ticket.renews is 'serial number, hexadecimal, of the certificate that was renewed';
create index ticket_renews on ticket (renews) where renews is not null;
create index ticket_identity on ticket (identity);
create index certificate_serial on certificate (serial);
