import { useSyncExternalStore } from "react";

const listen = (changed: () => void) => {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
};
const read = () => navigator.onLine;

/** Whether this computer has any network at all. That it has one does not mean that the clinic's server answers. */
export const useOnline = (): boolean => useSyncExternalStore(listen, read);
