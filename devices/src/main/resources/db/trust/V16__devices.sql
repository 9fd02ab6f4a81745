-- Whose chips the region takes for genuine. A vendor without a key has devices whose keys lie elsewhere, which
-- the operator knows by other means.
create table chip_maker (
    vendor text not null,
    key bytea,
    since timestamptz not null,
    constraint chip_maker_once unique nulls not distinct (vendor, key)
);

-- Chips that proved themselves when a key of theirs was certified. last: the receipt of the last order that the
-- chip told us of.
create table device_chip (
    name bytea primary key,
    device text not null,
    identity bytea not null,
    information bytea not null,
    since timestamptz not null,
    last bytea
);
create index device_chip_device on device_chip (device, since desc);

-- Orders to chips, in the sequence of each chip; receipt: the chip's own word that it carried the order out, or
-- could not.
create table chip_order (
    chip bytea not null references device_chip (name),
    number integer not null,
    placed_by text not null,
    placed timestamptz not null,
    form bytea not null,
    signature bytea not null,
    receipt bytea,
    receipt_signature bytea,
    received timestamptz,
    primary key (chip, number)
);
