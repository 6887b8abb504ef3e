import { ConsultationRoom } from "@/components/consultation";

<ConsultationRoom
  appointmentId={appointmentId}
  consultationType={type}
  participantName={participantName}
  participantRole={role}
  onEndCall={handleEndCall}
/>;
