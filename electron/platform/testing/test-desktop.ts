import type {
  AppWindow,
  Caller,
  Desktop,
  PageRules,
  Rectangle,
  WindowOptions,
} from "#electron/platform/platform.ts";

/** A page as the main process sees it, played by a test. */
export type TestPage = {
  received: { channel: string; value: unknown }[];
  invoke(channel: string, value: unknown): Promise<unknown>;
  tell(channel: string, value: unknown): void;
  /** Navigates away, crashes or closes. */
  leave(): void;
};

/** A desktop without Electron: it records what is opened, and lets a test play the pages. */
export type TestDesktop = Desktop & {
  opened: WindowOptions[];
  focused: number;
  reloaded: number;
  linked: string[];
  rules: PageRules | null;
  dark: boolean;
  areas: Rectangle[];
  page(frameUrl: string, isMainFrame?: boolean): TestPage;
};

export function createTestDesktop(): TestDesktop {
  const answers = new Map<string, Parameters<Desktop["calls"]["answer"]>[1]>();
  const hearers = new Map<string, Parameters<Desktop["calls"]["hear"]>[1]>();
  let pages = 0;

  const desktop: TestDesktop = {
    opened: [],
    focused: 0,
    reloaded: 0,
    linked: [],
    rules: null,
    dark: false,
    areas: [{ x: 0, y: 0, width: 1920, height: 1080 }],
    theme: { isDark: () => desktop.dark },
    screens: { workAreas: () => desktop.areas },
    links: { open: async (url) => void desktop.linked.push(url) },
    pages: {
      govern: (rules) => {
        desktop.rules = rules;
      },
    },
    calls: {
      answer: (channel, respond) => void answers.set(channel, respond),
      hear: (channel, heard) => void hearers.set(channel, heard),
    },
    openWindow(options): AppWindow {
      desktop.opened.push(options);
      return {
        focus: () => void desktop.focused++,
        reload: () => void desktop.reloaded++,
      };
    },
    page(frameUrl, isMainFrame = true) {
      const received: TestPage["received"] = [];
      const leavers = new Set<() => void>();
      const caller: Caller = {
        id: ++pages,
        frameUrl,
        isMainFrame,
        send: (channel, value) => void received.push({ channel, value }),
        onGone: (gone) => void leavers.add(gone),
      };
      return {
        received,
        invoke: async (channel, value) => answers.get(channel)?.(caller, value),
        tell: (channel, value) => hearers.get(channel)?.(caller, value),
        leave() {
          for (const gone of leavers) gone();
          leavers.clear();
        },
      };
    },
  };
  return desktop;
}
