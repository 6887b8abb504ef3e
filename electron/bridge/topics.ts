import { topics } from "#shared/contract/topics.ts";
import type { TopicName } from "#shared/contract/bridge.ts";
import type { Caller } from "#electron/platform/platform.ts";
import { TOPIC_CHANNEL } from "./channels.ts";
import type { Publish } from "./handlers.ts";

const isTopic = (name: unknown): name is TopicName =>
  typeof name === "string" && Object.hasOwn(topics, name);

/** Who hears what. A page's subscriptions end when it navigates, crashes or is closed. */
export type TopicDesk = {
  publish: Publish;
  /** Returns false for a name that is no topic. */
  subscribe(caller: Caller, name: unknown): boolean;
  unsubscribe(caller: Caller, name: unknown): void;
  forget(pageId: number): void;
};

/** Sends each topic's events to the pages that asked for it. */
export function createTopicDesk(): TopicDesk {
  const pages = new Map<number, { caller: Caller; names: Set<TopicName> }>();
  return {
    publish(topic, event) {
      for (const { caller, names } of pages.values()) {
        if (names.has(topic)) caller.send(TOPIC_CHANNEL, { name: topic, event });
      }
    },
    subscribe(caller, name) {
      if (!isTopic(name)) return false;
      const page = pages.get(caller.id) ?? { caller, names: new Set() };
      page.names.add(name);
      pages.set(caller.id, page);
      return true;
    },
    unsubscribe(caller, name) {
      const page = pages.get(caller.id);
      if (page && isTopic(name)) page.names.delete(name);
    },
    forget(pageId) {
      pages.delete(pageId);
    },
  };
}
