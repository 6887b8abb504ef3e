-- All or nothing: an error anywhere leaves the project as it was.
begin;
set local client_min_messages = warning;
set local statement_timeout = '10min';
