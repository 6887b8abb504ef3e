import { ConsultationProviders } from "./ConsultationProviders.tsx";
import { HistoryScreen } from "./HistoryScreen.tsx";

/** The consultations of whoever is signed in: the list, and the one that is chosen, to be read whole. */
export function ConsultationHistory() {
  return (
    <ConsultationProviders>
      <HistoryScreen />
    </ConsultationProviders>
  );
}
