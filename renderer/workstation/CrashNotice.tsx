import { useT } from "#renderer/i18n/Words.tsx";
import { Banner } from "#renderer/ui/Banner.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import styles from "./CrashNotice.module.css";

/** What is shown in place of a part that has failed. It names no error: that could hold a patient's words. */
export function CrashNotice({ onAgain }: { onAgain?: () => void }) {
  const t = useT();
  return (
    <div className={styles.notice}>
      <Banner
        tone="danger"
        title={t("workstation.crash.title")}
        actions={
          <>
            {onAgain ? <Button onPress={onAgain}>{t("workstation.crash.again")}</Button> : null}
            <Button onPress={() => window.location.reload()}>
              {t("workstation.crash.reload")}
            </Button>
          </>
        }
      >
        {t("workstation.crash.body")}
      </Banner>
    </div>
  );
}
