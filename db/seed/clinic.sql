-- An invented clinic: nobody here exists. Run it after the accounts of people.ts and after
-- db/04_create_consultation_tables.sql, as the project's owner. Running it again refreshes the
-- appointments of today and leaves everything else. `demo.time_zone` may name the zone whose
-- today is meant; without it, UTC.
begin;

create or replace function pg_temp.demo_id(name text) returns uuid language sql immutable as $$
  -- Shaped as a version 4 UUID, which readers check.
  select overlay(overlay(md5('consulting-room-demo:' || name) placing '4' from 13) placing '8' from 17)::uuid
$$;
create or replace function pg_temp.doctor(number int) returns uuid language sql immutable as $$
  select ('d0c70000-0000-4000-8000-00000000000' || number)::uuid
$$;
create or replace function pg_temp.patient(number int) returns uuid language sql immutable as $$
  select ('ba710000-0000-4000-8000-00000000000' || number)::uuid
$$;

insert into public.profiles (id, full_name, role, date_of_birth) values
  (pg_temp.doctor(1), 'Dr Amara Okafor', 'doctor', null),
  (pg_temp.doctor(2), 'Dr Henrik Lindqvist', 'doctor', null),
  (pg_temp.doctor(3), 'Dr Nadia Rahman', 'doctor', null),
  (pg_temp.patient(1), 'Sofía Herrera Luna', 'patient', '1987-03-14'),
  (pg_temp.patient(2), 'Kwame Mensah', 'patient', '1959-11-02'),
  (pg_temp.patient(3), 'ليلى حداد', 'patient', '1994-07-21'),
  (pg_temp.patient(4), '陳美玲', 'patient', '1978-01-30'),
  (pg_temp.patient(5), 'Priya Raghunathan', 'patient', '1990-09-09'),
  (pg_temp.patient(6), 'Jan Kowalczyk', 'patient', '1966-05-17'),
  (pg_temp.patient(7), 'Yusuf Demir', 'patient', '2001-12-05'),
  (pg_temp.patient(8), 'Hinewai Parata', 'patient', '1983-08-26')
on conflict (id) do update set full_name = excluded.full_name, role = excluded.role, date_of_birth = excluded.date_of_birth;

update public.consultation_settings
set clinic_name = coalesce(clinic_name, 'Harbour Street Clinic'),
    clinic_phone = coalesce(clinic_phone, '+00 000 0100'),
    emergency_number = coalesce(emergency_number, '112');

-- Today: eight hours round the present moment, within the day. Each day has appointments of its own.
with day as (
  select z.zone, m.local, date_trunc('day', m.local) as midnight,
    least(
      greatest(date_trunc('hour', m.local) + floor(extract(minute from m.local) / 30) * interval '30 minutes' - interval '90 minutes',
        date_trunc('day', m.local)),
      date_trunc('day', m.local) + interval '15 hours 30 minutes') as opening
  from (select coalesce(nullif(current_setting('demo.time_zone', true), ''), 'UTC') as zone) z
  cross join lateral (select now() at time zone z.zone as local) m
), slot (number, doctor, patient, type, minutes, status, reason) as (values
  (0, 1, 6, 'chat', 20, 'booked', 'Blood pressure review'),
  (1, 1, 5, 'audio', 20, 'booked', 'Migraine follow-up'),
  (2, 1, 2, 'video', 30, 'booked', 'Diabetes review'),
  (3, 1, 1, 'chat', 20, 'booked', 'Cough for two weeks'),
  (4, 1, 4, 'video', 30, 'booked', 'Results of thyroid tests'),
  (5, 1, 3, 'chat', 20, 'booked', 'Skin rash'),
  (6, 1, 8, 'video', 30, 'booked', 'Back pain'),
  (7, 1, 7, 'chat', 15, 'cancelled', 'Travel vaccinations'),
  (9, 1, 6, 'audio', 20, 'booked', 'Questions about a new tablet'),
  (11, 1, 5, 'chat', 15, 'booked', 'Sleep'),
  (14, 1, 2, 'chat', 15, 'booked', 'Foot check, photographs sent'),
  (2, 2, 7, 'chat', 20, 'booked', 'Sports injury'),
  (4, 2, 8, 'video', 30, 'booked', 'Asthma review'),
  (6, 2, 3, 'audio', 20, 'booked', 'Repeat prescription'),
  (8, 2, 4, 'chat', 20, 'booked', 'Stomach pain')
)
insert into public.appointments as a (id, patient_id, doctor_id, starts_at, duration_minutes, type, status, reason)
select pg_temp.demo_id(format('appointment:%s:%s:%s', day.midnight::date, slot.doctor, slot.number)),
  pg_temp.patient(slot.patient), pg_temp.doctor(slot.doctor),
  (day.opening + slot.number * interval '30 minutes') at time zone day.zone, slot.minutes, slot.type, slot.status, slot.reason
from day cross join slot
on conflict (id) do update set starts_at = excluded.starts_at
where not exists (select from public.consultation_sessions s where s.appointment_id = a.id);

-- Consultations of the past weeks, made once. `days` before the first run, at `hour`.
create temporary table demo_past (
  name text primary key, doctor int, patient int, type text, days int, hour time, minutes int, signed boolean, reason text, summary text,
  subjective text, objective text, assessment text, plan text
) on commit drop;
insert into demo_past values
  ('cough', 1, 1, 'chat', 9, '10:00', 14, false, 'Cough',
   'A dry cough after a cold, without fever. Honey, fluids and rest; no antibiotics for now. Please come back if it lasts longer than two weeks more, or at once with fever, blood or shortness of breath.',
   'Dry cough for five days after a cold. No fever, no breathlessness, does not smoke.', 'Speaks in full sentences by chat. Temperature at home 36.8 °C.',
   'Post-viral cough.', 'Self-care. Review in two weeks if it persists.'),
  ('diabetes', 1, 2, 'chat', 28, '09:30', 18, true, 'Diabetes review',
   'Your long-term sugar (HbA1c) has come down from 64 to 57 mmol/mol. Metformin stays at 1 g twice a day with food. Please check your feet every evening. Next blood test in three months.',
   'Feels well, walks 40 minutes most days. Loose stools settled since taking metformin with food.', 'HbA1c 57 (was 64). Home blood pressure 132/78.',
   'Type 2 diabetes, improving.', 'Continue metformin 1 g b.d. HbA1c in 3 months. Foot check by photograph.'),
  ('diabetes-start', 1, 2, 'audio', 92, '11:00', 22, true, 'New diabetes',
   'We spoke about type 2 diabetes and started metformin, 500 mg with breakfast, raised step by step.',
   'Thirst and tiredness for two months.', 'HbA1c 64. BMI 29.', 'New type 2 diabetes.', 'Metformin, diet advice, review in two months.'),
  ('rash', 1, 3, 'chat', 5, '14:30', 11, false, 'Skin rash',
   'Most likely contact eczema from a new hand soap. Leave the soap out, use the plain ointment several times a day and the mild steroid cream once a day for a week.',
   'Itchy, dry patches on both hands for ten days, since a new soap at work.', 'Photograph: dry erythematous patches on the backs of the hands, no blisters.',
   'Irritant contact eczema.', 'Stop the soap, emollient, hydrocortisone 1 % once daily for 7 days.'),
  ('thyroid', 1, 4, 'video', 16, '15:00', 16, false, 'Tiredness',
   'Blood tests were ordered: thyroid, blood count, iron and vitamin D. We meet again when the results are here.',
   'Tired for three months, feels cold, sleeps eight hours.', 'Pulse 58 by her own watch.', 'Tiredness, hypothyroidism to be excluded.', 'TSH, full blood count, ferritin, vitamin D.'),
  ('migraine', 1, 5, 'chat', 21, '16:00', 13, false, 'Migraine',
   'Migraine about four times a month. Take the tablet at the first sign, not later, and on no more than eight days a month. Please keep the diary.',
   'Throbbing one-sided headache with nausea, four attacks a month, worse with missed meals.', 'No red flags on questions.',
   'Migraine without aura.', 'Sumatriptan 50 mg early in the attack. Diary. Consider prevention at follow-up.'),
  ('ankle', 2, 7, 'chat', 3, '12:00', 9, false, 'Twisted ankle',
   'A sprained ankle. Rest it for two days, then start to move it. If you still cannot put weight on it the day after tomorrow, come in for an X-ray.',
   'Twisted the left ankle at football yesterday. Can take four steps.', 'Photograph: swelling below the outer ankle.', 'Lateral ankle sprain, Ottawa negative by description.', 'Self-care, safety net.');

insert into public.appointments (id, patient_id, doctor_id, starts_at, duration_minutes, type, status, reason)
select pg_temp.demo_id('past-appointment:' || name), pg_temp.patient(patient), pg_temp.doctor(doctor),
  date_trunc('day', now()) - days * interval '1 day' + hour, 20, type, 'done', reason
from demo_past
on conflict (id) do nothing;

insert into public.consultation_sessions
  (id, appointment_id, patient_id, doctor_id, consultation_type, started_at, ended_at, duration_seconds, status, notes, created_at)
select pg_temp.demo_id('past-session:' || p.name), a.id, a.patient_id, a.doctor_id, p.type,
  a.starts_at + interval '2 minutes', a.starts_at + (2 + p.minutes) * interval '1 minute', p.minutes * 60 - 7,
  'ended', p.summary, a.starts_at + interval '2 minutes'
from demo_past p join public.appointments a on a.id = pg_temp.demo_id('past-appointment:' || p.name)
on conflict (id) do nothing;

-- A signed session takes no notes any more, so they come before the signature.
insert into public.consultation_notes (id, session_id, author_id, subjective, objective, assessment, plan, created_at)
select pg_temp.demo_id('past-note:' || p.name), s.id, s.doctor_id, p.subjective, p.objective, p.assessment, p.plan, s.ended_at
from demo_past p join public.consultation_sessions s on s.id = pg_temp.demo_id('past-session:' || p.name)
where s.signed_at is null
on conflict (id) do nothing;

update public.consultation_sessions s
set signed_at = s.ended_at + interval '1 hour'
from demo_past p
where s.id = pg_temp.demo_id('past-session:' || p.name) and p.signed and s.signed_at is null;

with line (name, number, who, content) as (values
  ('cough', 1, 'patient', 'Good morning, doctor. I have had a cough since my cold last week.'),
  ('cough', 2, 'doctor', 'Good morning, Sofía. Is it dry, or do you bring anything up?'),
  ('cough', 3, 'patient', 'It is dry. It is worse at night and when I laugh.'),
  ('cough', 4, 'doctor', 'Do you have a fever, or trouble breathing?'),
  ('cough', 5, 'patient', 'No fever, 36.8 this morning. Breathing is fine, I went up the stairs as usual.'),
  ('cough', 6, 'doctor', 'Do you smoke, or does anybody at home?'),
  ('cough', 7, 'patient', 'No, nobody.'),
  ('cough', 8, 'doctor', 'That sounds like the cough that often stays behind after a cold. It can last three weeks. Honey in a warm drink helps at night.'),
  ('cough', 9, 'patient', 'So no antibiotics?'),
  ('cough', 10, 'doctor', 'Not now: they would not make it shorter. Write to me at once if you get a fever, cough up blood, or are short of breath.'),
  ('cough', 11, 'patient', 'I will. Thank you, that is a relief.'),
  ('diabetes', 1, 'doctor', 'Good morning, Mr Mensah. Your blood test is here, and it is good news.'),
  ('diabetes', 2, 'patient', 'Good morning! I was nervous about it.'),
  ('diabetes', 3, 'doctor', 'Your long-term sugar is down from 64 to 57. How have you been with the tablets?'),
  ('diabetes', 4, 'patient', 'Better since I take them with food. At first my stomach complained.'),
  ('diabetes', 5, 'doctor', 'That usually settles, as it did for you. Are you still walking?'),
  ('diabetes', 6, 'patient', 'Forty minutes to the harbour and back, most days. My grandson comes along.'),
  ('diabetes', 7, 'doctor', 'Wonderful. Have you looked at your feet? Any sores, any numbness?'),
  ('diabetes', 8, 'patient', 'No sores. Sometimes the toes tingle in the evening.'),
  ('diabetes', 9, 'doctor', 'Please look at them every evening, and send photographs before our next appointment.'),
  ('diabetes', 10, 'patient', 'I will ask my daughter to help with the camera.'),
  ('diabetes', 11, 'doctor', 'Good. Metformin stays at 1 g twice a day. The next test is in three months.'),
  ('diabetes-start', 1, 'doctor', 'I am writing down here what we just spoke about: metformin 500 mg with breakfast, from tomorrow.'),
  ('diabetes-start', 2, 'patient', 'Thank you. And after a week twice a day?'),
  ('diabetes-start', 3, 'doctor', 'Exactly, with breakfast and with supper.'),
  ('rash', 1, 'patient', 'Hello doctor, my hands are red and they itch a lot.'),
  ('rash', 2, 'doctor', 'Hello Layla. Since when, and did anything change around that time?'),
  ('rash', 3, 'patient', 'Ten days. At work we got a new soap. شكرا for seeing me so soon.'),
  ('rash', 4, 'doctor', 'With pleasure. Are there any blisters, or skin that weeps?'),
  ('rash', 5, 'patient', 'No, only dry and red. It burns when I wash up.'),
  ('rash', 6, 'doctor', 'It looks like contact eczema. Leave the soap out, wear cotton gloves under rubber ones, and use a plain ointment many times a day.'),
  ('rash', 7, 'patient', 'And the cream from the pharmacy?'),
  ('rash', 8, 'doctor', 'The hydrocortisone 1 % cream: thinly, once a day, for seven days. Then we look again.'),
  ('rash', 9, 'patient', 'Understood, thank you.'),
  ('thyroid', 1, 'doctor', 'While we talk: these are the tests I am ordering: thyroid (TSH), blood count, iron, vitamin D.'),
  ('thyroid', 2, 'patient', '謝謝醫生. Do I need to fast?'),
  ('thyroid', 3, 'doctor', 'No, you may have breakfast. The laboratory is open from seven.'),
  ('thyroid', 4, 'patient', 'Then I go tomorrow before work.'),
  ('migraine', 1, 'patient', 'Hello. The headaches are back, four times this month.'),
  ('migraine', 2, 'doctor', 'I am sorry to hear that, Priya. Where does it hurt, and for how long?'),
  ('migraine', 3, 'patient', 'The right side, throbbing, the whole day. Light is terrible and I feel sick.'),
  ('migraine', 4, 'doctor', 'Any weakness, trouble speaking, or a sudden headache, the worst of your life?'),
  ('migraine', 5, 'patient', 'No, nothing like that. I notice it when I skip lunch.'),
  ('migraine', 6, 'doctor', 'When do you take the tablet?'),
  ('migraine', 7, 'patient', 'I wait to see whether it gets bad.'),
  ('migraine', 8, 'doctor', 'Take it at the first sign: then it works far better. But on no more than eight days a month.'),
  ('migraine', 9, 'patient', 'OK. Should I write them down?'),
  ('migraine', 10, 'doctor', 'Yes please: day, hours, what you ate, the tablet. We look at it together in three weeks.'),
  ('ankle', 1, 'patient', 'Hi, I twisted my ankle at football yesterday.'),
  ('ankle', 2, 'doctor', 'Hi Yusuf. Could you walk on it right afterwards, and can you now?'),
  ('ankle', 3, 'patient', 'I limped off the pitch. Now I can do a few steps.'),
  ('ankle', 4, 'doctor', 'Press on the bone at the back of both ankle knobs: does it hurt there?'),
  ('ankle', 5, 'patient', 'Not on the bone. Below it, in the soft part.'),
  ('ankle', 6, 'doctor', 'Then no X-ray for now. Rest it, raise it, cool it today; from tomorrow on, move it gently.'),
  ('ankle', 7, 'patient', 'There is a match on Saturday …'),
  ('ankle', 8, 'doctor', 'Not this Saturday, I am afraid.')
)
insert into public.consultation_messages (id, session_id, sender_id, sender_role, sender_name, message_type, content, created_at)
select pg_temp.demo_id(format('past-message:%s:%s', line.name, line.number)), s.id,
  case line.who when 'doctor' then s.doctor_id else s.patient_id end, line.who,
  (select p.full_name from public.profiles p where p.id = case line.who when 'doctor' then s.doctor_id else s.patient_id end),
  'text', line.content, s.started_at + line.number * interval '50 seconds'
from line join public.consultation_sessions s on s.id = pg_temp.demo_id('past-session:' || line.name)
order by line.name, line.number
on conflict (id) do nothing;

drop function pg_temp.demo_id(text);
drop function pg_temp.doctor(int);
drop function pg_temp.patient(int);
commit;
