import { app } from "./app.ts";
import { BrowserWindow } from "./browser-window.ts";
import {
  clipboard,
  crashReporter,
  desktopCapturer,
  dialog,
  globalShortcut,
  Notification,
  screen,
  shell,
  systemPreferences,
} from "./desktop.ts";
import { Emitter } from "./emitter.ts";
import { unsupported } from "./host.ts";
import { ipcMain } from "./ipc-main.ts";
import { Menu, MenuItem } from "./menu.ts";
import { nativeImage } from "./native-image.ts";
import { nativeTheme } from "./native-theme.ts";
import { net } from "./net.ts";
import { powerMonitor, powerSaveBlocker } from "./power.ts";
import { protocol } from "./protocol.ts";
import { safeStorage } from "./safe-storage.ts";
import { getSession, session } from "./session.ts";
import { findElectronPackage, readSurface, refuseMissing } from "./surface.ts";
import { Tray } from "./tray.ts";
import { WebContents as webContents } from "./web-contents.ts";

const autoUpdater = new Emitter();
const MessageChannelMain = refusedClass("MessageChannelMain");
const WebContentsView = refusedClass("WebContentsView");
const BaseWindow = refusedClass("BaseWindow");
const utilityProcess = { fork: unsupported("utilityProcess.fork") };

/** A class that cannot be reproduced: making one throws. */
function refusedClass(name: string): () => never {
  return function refuse() {
    return unsupported(name)();
  };
}

/** What an app's main process gets for `electron`. */
const electron = {
  app,
  autoUpdater,
  BaseWindow,
  BrowserWindow,
  clipboard,
  crashReporter,
  desktopCapturer,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  systemPreferences,
  Tray,
  utilityProcess,
  webContents,
  WebContentsView,
};

/** Which declaration of Electron each object stands for. */
export const standIns: { name: string; target: object; members: "instance" | "statics" }[] = [
  { name: "App", target: app, members: "instance" },
  { name: "AutoUpdater", target: autoUpdater, members: "instance" },
  { name: "BrowserWindow", target: BrowserWindow, members: "statics" },
  { name: "BrowserWindow", target: BrowserWindow.prototype, members: "instance" },
  { name: "Clipboard", target: clipboard, members: "instance" },
  { name: "CommandLine", target: app.commandLine, members: "instance" },
  { name: "CrashReporter", target: crashReporter, members: "instance" },
  { name: "DesktopCapturer", target: desktopCapturer, members: "instance" },
  { name: "Dialog", target: dialog, members: "instance" },
  { name: "GlobalShortcut", target: globalShortcut, members: "instance" },
  { name: "IpcMain", target: ipcMain, members: "instance" },
  { name: "Menu", target: Menu, members: "statics" },
  { name: "Menu", target: Menu.prototype, members: "instance" },
  { name: "NativeImage", target: nativeImage, members: "statics" },
  { name: "NativeTheme", target: nativeTheme, members: "instance" },
  { name: "Net", target: net, members: "instance" },
  { name: "Notification", target: Notification, members: "statics" },
  { name: "Notification", target: Notification.prototype, members: "instance" },
  { name: "PowerMonitor", target: powerMonitor, members: "instance" },
  { name: "PowerSaveBlocker", target: powerSaveBlocker, members: "instance" },
  { name: "Protocol", target: protocol, members: "instance" },
  { name: "SafeStorage", target: safeStorage, members: "instance" },
  { name: "Screen", target: screen, members: "instance" },
  { name: "Session", target: getSession(), members: "instance" },
  { name: "Shell", target: shell, members: "instance" },
  { name: "SystemPreferences", target: systemPreferences, members: "instance" },
  { name: "Tray", target: Tray.prototype, members: "instance" },
  { name: "WebContents", target: webContents, members: "statics" },
  { name: "WebContents", target: webContents.prototype, members: "instance" },
  { name: "WebRequest", target: getSession().webRequest, members: "instance" },
];

const electronPackage = findElectronPackage();
if (electronPackage) {
  const surface = readSurface(electronPackage);
  for (const { name, target, members } of standIns) {
    const known = surface.get(name);
    const missing = [...(known?.[members] ?? [])].filter((member) => known?.methods.has(member));
    refuseMissing(target, name, missing);
  }
}

export {
  app,
  autoUpdater,
  BaseWindow,
  BrowserWindow,
  clipboard,
  crashReporter,
  desktopCapturer,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  systemPreferences,
  Tray,
  utilityProcess,
  webContents,
  WebContentsView,
};
// `require("electron")` gives the object itself, as with Electron, so that a test can replace members.
export { electron as "module.exports" };
