import type { TopicEvent, TopicName } from "#shared/contract/bridge.ts";

type Heard = (event: never) => void;

/** Hands the bridge's pushes to whoever hears them, in the page itself. */
export class TopicBus {
  readonly #listeners = new Map<TopicName, Set<Heard>>();
  readonly #changed: () => void;

  /** `changed` is called whenever somebody begins or stops to listen. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get hasListeners(): boolean {
    return [...this.#listeners.values()].some((each) => each.size > 0);
  }

  hears(name: TopicName): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  subscribe<N extends TopicName>(name: N, heard: (event: TopicEvent<N>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set<Heard>();
    this.#listeners.set(name, listeners);
    // Its own function, so that the same one given twice is heard twice and ended one by one.
    const own = (event: TopicEvent<N>) => heard(event);
    listeners.add(own);
    this.#changed();
    return () => {
      if (listeners.delete(own)) this.#changed();
    };
  }

  tell<N extends TopicName>(name: N, event: TopicEvent<N>): void {
    for (const heard of this.#listeners.get(name) ?? []) {
      (heard as (event: TopicEvent<N>) => void)(event);
    }
  }
}
