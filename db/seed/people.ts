import type { PersonRole } from "#shared/model/person.ts";

/** One invented person of the demo clinic, with the account that he or she signs in with. */
export type DemoPerson = {
  id: string;
  email: string;
  password: string;
  fullName: string;
  role: PersonRole;
  /** `YYYY-MM-DD`; null for clinicians. */
  dateOfBirth: string | null;
};

/** The one password of the demo: its accounts hold invented people only. */
export const DEMO_PASSWORD = "consulting-room-demo";

const doctor = (number: number, email: string, fullName: string): DemoPerson => ({
  id: `d0c70000-0000-4000-8000-00000000000${number}`,
  email,
  password: DEMO_PASSWORD,
  fullName,
  role: "doctor",
  dateOfBirth: null,
});

const patient = (
  number: number,
  email: string,
  fullName: string,
  dateOfBirth: string,
): DemoPerson => ({
  id: `ba710000-0000-4000-8000-00000000000${number}`,
  email,
  password: DEMO_PASSWORD,
  fullName,
  role: "patient",
  dateOfBirth,
});

/** The doctor at whose workstation the demo and the tour begin. */
export const DEMO_DOCTOR = doctor(1, "amara.okafor@clinic.example", "Dr Amara Okafor");

/** The patient of the demo doctor's next appointment. */
export const DEMO_PATIENT = patient(
  1,
  "sofia.herrera@patient.example",
  "Sofía Herrera Luna",
  "1987-03-14",
);

/** A clinician of the same clinic who has no appointment with anybody: must open nothing. */
export const DEMO_STRANGER = doctor(3, "nadia.rahman@clinic.example", "Dr Nadia Rahman");

/** Everybody who can sign in to the demo clinic. Their profiles are in `clinic.sql`, under the same ids. */
export const people: readonly DemoPerson[] = [
  DEMO_DOCTOR,
  doctor(2, "henrik.lindqvist@clinic.example", "Dr Henrik Lindqvist"),
  DEMO_STRANGER,
  DEMO_PATIENT,
  patient(2, "kwame.mensah@patient.example", "Kwame Mensah", "1959-11-02"),
  patient(3, "layla.haddad@patient.example", "ليلى حداد", "1994-07-21"),
  patient(4, "chen.meiling@patient.example", "陳美玲", "1978-01-30"),
  patient(5, "priya.raghunathan@patient.example", "Priya Raghunathan", "1990-09-09"),
  patient(6, "jan.kowalczyk@patient.example", "Jan Kowalczyk", "1966-05-17"),
  patient(7, "yusuf.demir@patient.example", "Yusuf Demir", "2001-12-05"),
  patient(8, "hinewai.parata@patient.example", "Hinewai Parata", "1983-08-26"),
];
