import { rm } from "node:fs/promises";
import { Emitter, createEvent } from "./emitter.ts";
import { windows } from "./windows.ts";
import { nativeImage } from "./native-image.ts";

/*
 * What belongs to a desktop. Nobody sits before it here: a dialog is cancelled, an address that
 * would open elsewhere goes nowhere. Tests replace these members to answer otherwise.
 */

export const shell = {
  openExternal: async (_url: string): Promise<void> => {},
  openPath: async (_path: string): Promise<string> => "",
  showItemInFolder: (_path: string): void => {},
  trashItem: (path: string): Promise<void> => rm(path, { recursive: true }),
  beep: (): void => {},
};

type MessageBoxOptions = { cancelId?: number };

export const dialog = {
  showOpenDialog: async () => ({ canceled: true, filePaths: [] as string[] }),
  showSaveDialog: async () => ({ canceled: true, filePath: "" }),
  showMessageBox: async (...args: [MessageBoxOptions] | [object, MessageBoxOptions]) => ({
    response: (args.at(-1) as MessageBoxOptions).cancelId ?? 0,
    checkboxChecked: false,
  }),
  showMessageBoxSync: (...args: [MessageBoxOptions] | [object, MessageBoxOptions]) =>
    (args.at(-1) as MessageBoxOptions).cancelId ?? 0,
  showErrorBox: (title: string, content: string) => console.error(`[dialog] ${title}\n${content}`),
};

let copied = "";
/** Asynchronous, as Electron's is since version 45. */
export const clipboard = {
  writeText: async (text: string): Promise<void> => void (copied = text),
  readText: async (): Promise<string> => copied,
  clear: async (): Promise<void> => void (copied = ""),
};

const shortcuts = new Map<string, () => void>();
export const globalShortcut = {
  register(accelerator: string, run: () => void): boolean {
    shortcuts.set(accelerator, run);
    return true;
  },
  unregister: (accelerator: string): void => void shortcuts.delete(accelerator),
  unregisterAll: (): void => shortcuts.clear(),
  isRegistered: (accelerator: string): boolean => shortcuts.has(accelerator),
};

const area = { x: 0, y: 0, width: 1400, height: 900 };
const display = {
  id: 1,
  bounds: area,
  workArea: area,
  size: { width: area.width, height: area.height },
  workAreaSize: { width: area.width, height: area.height },
  scaleFactor: 1,
  rotation: 0,
  internal: false,
};

class Screen extends Emitter {
  getPrimaryDisplay = () => display;
  getAllDisplays = () => [display];
  getDisplayMatching = () => display;
  getDisplayNearestPoint = () => display;
  getCursorScreenPoint = () => ({ x: 0, y: 0 });
}
export const screen = new Screen();

type Source = { id: string; name: string; display_id: string; thumbnail: object; appIcon: null };
function createSource(id: string, name: string, display_id: string): Source {
  return { id, name, display_id, thumbnail: nativeImage.createEmpty(), appIcon: null };
}

export const desktopCapturer = {
  async getSources({ types = [] }: { types?: string[] } = {}): Promise<Source[]> {
    const screens = types.includes("screen")
      ? [createSource("screen:0:0", "Entire screen", "1")]
      : [];
    if (!types.includes("window")) return screens;
    const own = [...windows.all.values()].map(({ window }) =>
      createSource(`window:${window.id}:0`, window.getTitle(), ""),
    );
    return [...screens, ...own];
  },
};

type NotificationOptions = { title?: string; body?: string; silent?: boolean };
export class Notification extends Emitter {
  title: string;
  body: string;
  silent: boolean;

  constructor({ title = "", body = "", silent = false }: NotificationOptions = {}) {
    super();
    this.title = title;
    this.body = body;
    this.silent = silent;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    setImmediate(() => this.emit("show", createEvent({})));
  }

  close(): void {
    setImmediate(() => this.emit("close", createEvent({})));
  }
}

class SystemPreferences extends Emitter {
  getMediaAccessStatus = () => "granted";
  askForMediaAccess = async () => true;
}
export const systemPreferences = new SystemPreferences();

/** No crash leaves this machine, and none is collected. */
export const crashReporter = {
  start: (): void => {},
  getUploadedReports: (): object[] => [],
  addExtraParameter: (): void => {},
};
