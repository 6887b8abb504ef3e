// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";
import { IconButton } from "./IconButton.tsx";
import { List } from "./List.tsx";
import { Root } from "./Root.tsx";
import { Spinner } from "./Spinner.tsx";
import { prepareJsdom } from "./testing/prepare-jsdom.ts";
import { TextArea } from "./TextArea.tsx";
import { TextField } from "./TextField.tsx";
import { VirtualList, type VirtualRow } from "./VirtualList.tsx";

beforeEach(() => prepareJsdom({ width: 200, height: 200 }));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("Button", () => {
  it("lets no second press through while one is pending, and keeps the focus", async () => {
    const pressed = vi.fn<() => void>();
    const view = render(<Button onPress={pressed}>Send</Button>);
    const button = screen.getByRole("button", { name: "Send" });
    await userEvent.click(button);
    view.rerender(
      <Button onPress={pressed} isPending>
        Send
      </Button>,
    );
    await userEvent.click(button);
    expect(pressed).toHaveBeenCalledOnce();
    expect(document.activeElement).toBe(button);
  });
});

describe("IconButton", () => {
  it("has a name, and shows it with its shortcut on keyboard focus", async () => {
    render(<IconButton icon="search" label="Search" shortcut="Ctrl+K" />);
    await userEvent.tab();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Search" }));
    expect(screen.getByRole("tooltip").textContent).toBe("SearchCtrl+K");
  });
});

function Asking() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Root theme="dark" dir="rtl">
      <Button onPress={() => setOpen(true)}>Open</Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="Sure?">
        <Button>Yes</Button>
      </Dialog>
    </Root>
  );
}

describe("Dialog", () => {
  it("closes with Escape and gives the focus back", async () => {
    render(<Asking />);
    const opener = screen.getByRole("button", { name: "Open" });
    await userEvent.click(opener);
    const dialog = screen.getByRole("dialog", { name: "Sure?" });
    expect(dialog.contains(document.activeElement)).toBe(true);
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await vi.waitFor(() => expect(document.activeElement).toBe(opener));
  });

  it("takes theme and direction along out of the tree", async () => {
    render(<Asking />);
    await userEvent.click(screen.getByRole("button", { name: "Open" }));
    const root = screen.getByRole("dialog").closest(".cr-root");
    expect(root?.getAttribute("data-theme")).toBe("dark");
    expect(root?.getAttribute("dir")).toBe("rtl");
  });
});

describe("Spinner", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("shows itself only after a moment", () => {
    render(<Spinner label="Loading" />);
    expect(screen.getByRole("status").textContent).toBe("");
    act(() => void vi.advanceTimersByTime(399));
    expect(screen.getByRole("status").textContent).toBe("");
    act(() => void vi.advanceTimersByTime(1));
    expect(screen.getByRole("status").textContent).toBe("Loading");
  });
});

describe("TextField and TextArea", () => {
  it("tie label, help and error to the field", () => {
    render(<TextField label="Email" description="The clinic knows it." error="Not an address." />);
    const field = screen.getByLabelText("Email");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    const described = field.getAttribute("aria-describedby")!.split(" ");
    const words = described.map((id) => document.querySelector(`[id="${id}"]`)?.textContent);
    expect(words).toEqual(expect.arrayContaining(["The clinic knows it.", "Not an address."]));
  });

  it("keep a hidden label for assistive technology", () => {
    render(<TextArea label="Write a message" labelHidden value="" onChange={() => {}} />);
    expect(screen.getByRole("textbox", { name: "Write a message" })).toBeTruthy();
    expect(screen.queryByText("Write a message")).toBeNull();
  });
});

describe("List", () => {
  it("chooses with the arrows and acts with Enter", async () => {
    const acted = vi.fn<(id: string) => void>();
    const Chosen = () => {
      const [selected, setSelected] = useState<string | null>(null);
      return (
        <List
          label="People"
          sections={[{ id: "all", title: "Today", items: ["Ada", "Ben"] }]}
          idOf={(name) => name}
          textOf={(name) => name}
          selected={selected}
          onSelect={setSelected}
          onAction={acted}
        >
          {(name) => name}
        </List>
      );
    };
    render(<Chosen />);
    await userEvent.tab();
    await userEvent.keyboard("{ArrowDown}");
    expect(screen.getByRole("option", { selected: true }).textContent).toBe("Ben");
    await userEvent.keyboard("{Enter}");
    expect(acted).toHaveBeenCalledWith("Ben");
  });
});

const chosen = () => screen.queryByRole("option", { selected: true })?.textContent ?? null;

describe("VirtualList", () => {
  const rows: VirtualRow<number>[] = Array.from({ length: 1_000 }, (_, index) =>
    index % 10 === 0
      ? { kind: "header", id: `h${index}`, title: `Day ${index}` }
      : { kind: "item", id: String(index), item: index },
  );
  const Numbers = ({ onEnd }: { onEnd?: () => void }) => {
    const [selected, setSelected] = useState<string | null>(null);
    return (
      <VirtualList
        label="Numbers"
        rows={rows}
        itemHeight={20}
        headerHeight={20}
        selected={selected}
        onSelect={setSelected}
        onEnd={onEnd}
      >
        {(item) => `Row ${item}`}
      </VirtualList>
    );
  };

  it("keeps only what is near the view", () => {
    render(<Numbers />);
    expect(screen.getAllByRole("option").length).toBeLessThan(40);
  });

  it("moves by keyboard, over the headers", async () => {
    render(<Numbers />);
    await userEvent.tab();
    await userEvent.keyboard("{ArrowDown}");
    expect(chosen()).toBe("Row 1");
    await userEvent.keyboard("{ArrowDown>9/}");
    expect(chosen()).toBe("Row 11");
    await userEvent.keyboard("{ArrowUp}");
    expect(chosen()).toBe("Row 9");
    await userEvent.keyboard("{Home}{ArrowUp}");
    expect(chosen()).toBe("Row 1");
    await userEvent.keyboard("{PageDown}");
    expect(chosen()).toBe("Row 11");
  });

  it("names the chosen row to assistive technology", async () => {
    render(<Numbers />);
    await userEvent.click(screen.getByText("Row 2"));
    const active = screen.getByRole("listbox").getAttribute("aria-activedescendant");
    expect(document.querySelector(`[id="${active}"]`)?.textContent).toBe("Row 2");
  });

  it("asks for more only near its end", () => {
    const ended = vi.fn<() => void>();
    render(<Numbers onEnd={ended} />);
    expect(ended).not.toHaveBeenCalled();
  });
});
