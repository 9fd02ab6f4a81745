-- A CA's number begins with its first list: the tables are empty before the authority runs, so that a backup
-- can be restored into them.
delete from crl where number = 0;
