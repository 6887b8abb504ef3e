-- What the API shows of the clinic's calendar and people.

create or replace view public.clinic_appointments with (security_barrier = true) as
  select a.id, a.patient_id, a.doctor_id, a.starts_at, a.duration_minutes, a.appointment_type, a.status, a.reason
  from consultation_private.appointment_map a
  where a.doctor_id = (select auth.uid()) or a.patient_id = (select auth.uid());

-- A date of birth is shown to its owner and to the doctors of the person.
create or replace view public.clinic_people with (security_barrier = true) as
  with mine as (
    select a.session_id, a.role from public.consultation_access a
    where a.user_id = (select auth.uid()) and a.granted and (a.expires_at is null or a.expires_at > now())
  ), known as (
    select (select auth.uid()) as id, true as as_doctor
    union all
    select a.patient_id, true from consultation_private.appointment_map a where a.doctor_id = (select auth.uid())
    union all
    select a.doctor_id, false from consultation_private.appointment_map a where a.patient_id = (select auth.uid())
    union all
    select others.user_id, mine.role = 'doctor'
    from mine join public.consultation_access others on others.session_id = mine.session_id and others.granted
  )
  select p.id, p.full_name, p.role, case when seen.as_doctor then p.date_of_birth end as date_of_birth
  from (select known.id, bool_or(known.as_doctor) as as_doctor from known group by known.id) seen
  join consultation_private.person_map p on p.id = seen.id;
