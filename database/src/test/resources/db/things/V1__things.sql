create table box (id bigint generated always as identity primary key, label text not null);
create table thing (id int primary key, box bigint references box, note text, raw bytea);
