import { Link } from "react-aria-components/Link";
import { useT } from "#renderer/i18n/Words.tsx";
import { Icon, type IconName } from "#renderer/ui/Icon.tsx";
import { Tooltip } from "#renderer/ui/Tooltip.tsx";
import type { Places } from "../places.ts";
import { type Route, type Screen, formatRoute } from "../route.ts";
import styles from "./Rail.module.css";
import { RoomNews } from "./RoomNews.tsx";
import { nameShortcut, printShortcut } from "./shortcuts.ts";

/** Where one can go, in the order of the keys Ctrl+1, Ctrl+2, …: only what there is. */
export const stopsOf = (places: Places): Route[] => [
  places.today,
  { screen: "history" },
  ...(places.room === null ? [] : [places.room]),
];

const icons = { today: "calendar", history: "history", room: "chat" } as const satisfies Record<
  Screen,
  IconName
>;

/** The navigation at the edge of the window. A room is on it only while one is open. */
export function Rail({ places, screen }: { places: Places; screen: Screen }) {
  const t = useT();
  return (
    <nav className={styles.rail} aria-label={t("workstation.nav.label")} data-region tabIndex={-1}>
      <ul>
        {stopsOf(places).map((route, index) => (
          <li key={route.screen}>
            <Tooltip
              label={t(`workstation.nav.${route.screen}`)}
              shortcut={printShortcut(String(index + 1))}
              placement="end"
            >
              <Link
                href={formatRoute(route)}
                className={styles.stop}
                aria-current={route.screen === screen ? "page" : undefined}
                aria-keyshortcuts={nameShortcut(String(index + 1))}
              >
                <Icon name={icons[route.screen]} size={20} />
                <span>{t(`workstation.nav.${route.screen}`)}</span>
                {route.screen === "room" ? (
                  <RoomNews appointmentId={route.appointmentId} isShown={screen === "room"} />
                ) : null}
              </Link>
            </Tooltip>
          </li>
        ))}
      </ul>
    </nav>
  );
}
