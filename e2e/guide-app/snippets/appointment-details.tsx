import { JoinConsultationButton } from "@/components/consultation";

<JoinConsultationButton
  appointmentId={appointment.id}
  consultationType={appointment.type as "video" | "audio" | "chat"}
  participantName={doctorName}
/>;
