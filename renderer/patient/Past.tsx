import { ConsultationHistory } from "#renderer/components/consultation/ConsultationHistory.tsx";
import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import styles from "./Past.module.css";

/** Past consultations, to be read again. */
export function Past({ onBack }: { onBack: () => void }) {
  const t = useT();
  return (
    <div className={styles.past}>
      <header className={styles.header}>
        <Button variant="quiet" icon="back" onPress={onBack}>
          {t("patient.past.back")}
        </Button>
        <h1>{t("patient.past.title")}</h1>
      </header>
      <main className={styles.main}>
        <ConsultationHistory />
      </main>
    </div>
  );
}
