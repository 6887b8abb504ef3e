await consultationService.sendMessage(
  sessionId,
  userId,
  "patient", // or 'doctor'
  "John Doe",
  "Hello, how are you?"
);
