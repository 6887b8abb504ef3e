const sessions = await consultationService.getSessionHistory(
  userId,
  "patient", // or 'doctor'
  20 // limit
);
