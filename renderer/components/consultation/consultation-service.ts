import { makeConsultationService } from "#shared/consultation/service.ts";
import { getAppClient } from "./app-client.ts";

/** The five calls of the owner's guide, ready to use: over the client made from `VITE_*`, with the app's sign-in. */
export const consultationService = /* @__PURE__ */ makeConsultationService(getAppClient);
