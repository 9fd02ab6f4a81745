-- Connections that are to begin later: decided when booked, and again when they begin.
alter table request drop constraint request_state_check;
alter table request
    add constraint request_state_check check (state in ('WAITING', 'CONNECTED', 'REFUSED', 'BOOKED', 'CANCELLED')),
    add column begins timestamptz,
    add column ends   timestamptz;
comment on column request.begins is 'absent for what was wished at once';
create index request_booked on request (begins) where state = 'BOOKED';
create index request_booked_asking on request (asking, ends) where begins is not null and state in ('BOOKED', 'WAITING');
create index request_booked_asked on request (asked, ends) where begins is not null and state in ('BOOKED', 'WAITING');
