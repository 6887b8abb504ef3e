import { QueryClient } from "@tanstack/react-query";
import type { Bridge } from "#shared/contract/bridge.ts";
import { followTopics } from "./follow-topics.ts";

type Store = { client: QueryClient; users: number; stop: () => void };

const stores = new WeakMap<Bridge, Store>();

/** The one store of a bridge's answers, however many components of a page stand on it. */
export function storeOf(bridge: Bridge): QueryClient {
  return entryOf(bridge).client;
}

/** Keeps the store in step with the bridge's topics until the returned function is called. */
export function holdStore(bridge: Bridge): () => void {
  const store = entryOf(bridge);
  if (store.users === 0) {
    // What was told while nobody listened is unknown, so nothing held counts as fresh.
    void store.client.invalidateQueries();
    store.stop = followTopics(bridge, store.client);
  }
  store.users += 1;
  return () => {
    store.users -= 1;
    if (store.users === 0) store.stop();
  };
}

function entryOf(bridge: Bridge): Store {
  const known = stores.get(bridge);
  if (known) return known;
  const made = { client: createClient(), users: 0, stop: () => {} };
  stores.set(bridge, made);
  return made;
}

/**
 * It never asks the network whether it may ask: the bridge knows better. Answers stay good
 * until a topic names them, so nothing is asked twice and nothing polls.
 */
const createClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
