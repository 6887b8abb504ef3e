import { useCallback, useMemo, useSyncExternalStore } from "react";
import { type Route, formatRoute, parseRoute } from "./route.ts";

const listen = (changed: () => void) => {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
};
const readHash = () => window.location.hash;

export type Go = (route: Route, how?: "push" | "replace") => void;

/** The place that the address names, and the way to another. Reloading keeps the place. */
export const useRoute = (): [Route, Go] => {
  const hash = useSyncExternalStore(listen, readHash);
  const route = useMemo(() => parseRoute(hash), [hash]);
  const go = useCallback<Go>((to, how = "push") => {
    const address = formatRoute(to);
    if (address === window.location.hash) return;
    if (how === "push") window.location.hash = address;
    else {
      window.history.replaceState(null, "", address);
      window.dispatchEvent(new HashChangeEvent("hashchange"));
    }
  }, []);
  return [route, go];
};
