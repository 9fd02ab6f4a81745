create table nonsense (
