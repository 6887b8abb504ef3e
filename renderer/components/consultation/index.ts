/** The public API of the owner's guide: three components and the service, each of which works alone. */
export { ConsultationHistory } from "./ConsultationHistory.tsx";
export { ConsultationRoom, type ConsultationRoomProps } from "./ConsultationRoom.tsx";
export {
  configureConsultation,
  consultationService,
} from "#renderer/bridge/supabase/app-client.ts";
export {
  JoinConsultationButton,
  type JoinConsultationButtonProps,
} from "./JoinConsultationButton.tsx";
