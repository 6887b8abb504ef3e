import { app } from "./app.ts";
import { BrowserWindow } from "./browser-window.ts";
import { createEvent, Emitter } from "./emitter.ts";

type ItemOptions = {
  id?: string;
  label?: string;
  role?: string;
  type?: string;
  accelerator?: string;
  enabled?: boolean;
  visible?: boolean;
  checked?: boolean;
  click?: (item: MenuItem, window: BrowserWindow | undefined, event: object) => void;
  submenu?: Menu | ItemOptions[];
};

/** One line of a menu; `click` runs it, as a person's click would. */
export class MenuItem {
  id: string | undefined;
  label: string;
  role: string | undefined;
  type: string;
  accelerator: string | undefined;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  submenu: Menu | undefined;
  click: (event?: object) => void;

  constructor(options: ItemOptions) {
    const { submenu, click } = options;
    this.id = options.id;
    this.label = options.label ?? options.role ?? "";
    this.role = options.role;
    this.type = submenu ? "submenu" : (options.type ?? "normal");
    this.accelerator = options.accelerator;
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : submenu;
    this.click = (event = {}) => {
      if (this.type === "checkbox") this.checked = !this.checked;
      if (click) click(this, BrowserWindow.getFocusedWindow() ?? undefined, event);
      else if (this.role === "quit") app.quit();
    };
  }
}

let applicationMenu: Menu | null = null;

/** Electron's `Menu`: kept and clickable by code, never drawn. */
export class Menu extends Emitter {
  items: MenuItem[] = [];

  static buildFromTemplate(template: (ItemOptions | MenuItem)[]): Menu {
    const menu = new Menu();
    for (const item of template) menu.append(item instanceof MenuItem ? item : new MenuItem(item));
    return menu;
  }

  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu;
  }

  static getApplicationMenu(): Menu | null {
    return applicationMenu;
  }

  append(item: MenuItem): void {
    this.items.push(item);
  }

  insert(position: number, item: MenuItem): void {
    this.items.splice(position, 0, item);
  }

  popup(options: { callback?: () => void } = {}): void {
    this.emit("menu-will-show", createEvent({}));
    options.callback?.();
  }

  closePopup(): void {
    this.emit("menu-will-close", createEvent({}));
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
}
