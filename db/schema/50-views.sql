-- What the API shows of the clinic's calendar and people.

create or replace view public.clinic_appointments with (security_barrier = true) as
  select a.id, a.patient_id, a.doctor_id, a.starts_at, a.duration_minutes, a.appointment_type, a.status, a.reason
  from consultation_private.appointment_map a
  where a.doctor_id = (select auth.uid()) or a.patient_id = (select auth.uid());

create or replace view public.clinic_people with (security_barrier = true) as
  select p.id, p.full_name, p.role, p.date_of_birth
  from consultation_private.person_map p
  where p.id in (
    select auth.uid()
    union select a.patient_id from consultation_private.appointment_map a where a.doctor_id = (select auth.uid())
    union select a.doctor_id from consultation_private.appointment_map a where a.patient_id = (select auth.uid())
    union select others.user_id
      from public.consultation_access mine
      join public.consultation_access others on others.session_id = mine.session_id and others.granted
      where mine.user_id = (select auth.uid()) and mine.granted
        and (mine.expires_at is null or mine.expires_at > now())
  );
