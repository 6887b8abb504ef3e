import { createContext, useContext } from "react";
import type { ConsultationType } from "#shared/model/session.ts";

export type JoinRequest = {
  appointmentId: string;
  consultationType: ConsultationType;
  participantName: string;
};

const JoinTargetContext = createContext<((request: JoinRequest) => void) | null>(null);

/** Lets an app with screens of its own decide where a consultation opens; without it, a button opens it over the page. */
export const JoinTarget = JoinTargetContext.Provider;

export const useJoinTarget = () => useContext(JoinTargetContext);
