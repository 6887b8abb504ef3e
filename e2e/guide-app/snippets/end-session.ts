await consultationService.endSession(
  sessionId,
  durationInSeconds,
  "Consultation notes here..."
);
