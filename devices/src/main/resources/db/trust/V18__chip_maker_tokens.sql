-- Whether devices with this manufacturer's chips have tokens beside them, for keys of services.
alter table chip_maker add column tokens boolean not null default false;
