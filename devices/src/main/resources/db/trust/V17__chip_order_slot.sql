-- What the authority looks for in orders: INS and P1 of the form that was signed (after head, chip and number),
-- and the status at the end of the chip's word. changes: a service comes or goes.
alter table chip_order
    add column slot smallint not null generated always as (get_byte(form, 45)) stored,
    add column changes boolean not null generated always as (get_byte(form, 44) in (48, 50)) stored,
    add column done boolean generated always as (substring(receipt from 40) = '\x9000'::bytea) stored;
create index chip_order_slot on chip_order (chip, slot, number);
