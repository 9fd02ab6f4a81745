-- Services whose keys a chip showed or vouched for when they were certified: their certificates end when the chip
-- says that they are gone. service: the name as the chip has it.
create table chip_service (
    chip bytea not null references device_chip (name),
    service bytea not null,
    subscriber text not null,
    name text not null,
    primary key (chip, service, subscriber)
);

-- Whose order it is: that of the chip's manager, or a provider's about its own service.
alter table chip_order add column by_manager boolean not null default true;
