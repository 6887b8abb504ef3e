import { useState } from "react";
import { Banner } from "#renderer/ui/Banner.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { EmptyState } from "#renderer/ui/EmptyState.tsx";
import { IconButton } from "#renderer/ui/IconButton.tsx";
import { List } from "#renderer/ui/List.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import { StatusPill } from "#renderer/ui/StatusPill.tsx";
import { TextArea } from "#renderer/ui/TextArea.tsx";
import { TextField } from "#renderer/ui/TextField.tsx";

const people = [
  { id: "1", name: "Amara Okafor" },
  { id: "2", name: "ليلى الحداد" },
  { id: "3", name: "Søren Ågård" },
];

/** Every primitive once, in the states that it has. */
export function Primitives() {
  const [text, setText] = useState("First line\nSecond line");
  const [chosen, setChosen] = useState<string | null>("1");
  return (
    <div style={{ display: "grid", gap: "1rem", padding: "1rem", maxWidth: "44rem" }}>
      <div style={{ display: "flex", flexWrap: "wrap", gap: "0.5rem" }}>
        <Button variant="primary">Join consultation</Button>
        <Button>Cancel</Button>
        <Button variant="quiet" icon="retry">
          Try again
        </Button>
        <Button variant="danger">Finish</Button>
        <Button isDisabled>Not now</Button>
        <Button isPending>Waiting</Button>
        <Button variant="primary" size="large">
          Continue
        </Button>
        <IconButton icon="search" label="Search" shortcut="Ctrl+K" />
        <IconButton icon="send" label="Send" shortcut="Enter" variant="primary" />
      </div>
      <div style={{ display: "flex", flexWrap: "wrap", gap: "0.5rem" }}>
        <StatusPill tone="ok" shape="dot">
          In the room
        </StatusPill>
        <StatusPill tone="warning" shape="quarter">
          Waiting 3 min
        </StatusPill>
        <StatusPill shape="ring">Booked</StatusPill>
        <StatusPill tone="warning" shape="bars">
          Paused
        </StatusPill>
        <StatusPill shape="check">Ended</StatusPill>
        <StatusPill tone="danger" shape="alert">
          Not sent
        </StatusPill>
        <StatusPill tone="live" shape="dot">
          REC
        </StatusPill>
        <Spinner label="Loading…" delayMs={0} />
      </div>
      <TextField label="Email" description="The one that the clinic knows." />
      <TextField label="Password" type="password" error="This is not right." defaultValue="x" />
      <TextArea label="Notes" value={text} onChange={setText} minLines={3} />
      <Banner tone="info" title="Something to know">
        And what it means.
      </Banner>
      <Banner tone="warning" title="No connection" actions={<Button>Try again</Button>}>
        It goes on by itself.
      </Banner>
      <Banner tone="danger" title="You have no access to this" reference="Reference 7f3a91">
        Ask the clinic to check your account.
      </Banner>
      <List
        label="People"
        sections={[{ id: "all", title: "Today", items: people }]}
        idOf={({ id }) => id}
        textOf={({ name }) => name}
        selected={chosen}
        onSelect={setChosen}
      >
        {({ name }) => <span dir="auto">{name}</span>}
      </List>
      <EmptyState title="No consultations yet" />
    </div>
  );
}
