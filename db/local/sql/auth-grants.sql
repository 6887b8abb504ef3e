-- Without it a policy that calls auth.uid() fails for everyone (the `fixGrants: false` test shows it).
grant usage on schema auth to anon, authenticated, service_role;
