drop function pg_temp.pick_column(text, text[], text[]);
drop function pg_temp.pick_table(text[]);
notify pgrst, 'reload schema';
commit;

select * from consultation_private.report();
