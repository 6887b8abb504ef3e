const unsubscribe = consultationService.subscribeToMessages(
  sessionId,
  (message) => {
    console.log("New message:", message);
  }
);

// Later, unsubscribe
unsubscribe();
