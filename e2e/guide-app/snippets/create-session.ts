const session = await consultationService.createSession(
  appointmentId,
  patientId,
  doctorId,
  "video" // or 'audio', 'chat'
);
