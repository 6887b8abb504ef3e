-- All or nothing: an error anywhere leaves the project as it was.
begin;
set local client_min_messages = warning;
set local statement_timeout = '10min';
-- A million older messages are numbered in memory instead of in temporary files.
set local work_mem = '64MB';
set local maintenance_work_mem = '128MB';
set local jit = off;
