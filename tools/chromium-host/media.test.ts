import type { Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { launchFixture, removeFolder, type Running } from "./testing.ts";

// A busy machine takes its time to start a browser.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let running: Running;
beforeAll(async () => {
  running = await launchFixture();
});
afterAll(async () => {
  await running.app.close();
  removeFolder(running.folder);
  removeFolder(`${running.folder}-keyring`);
});

describe("media on the host", () => {
  it("connects a video call between two windows", async () => {
    const { app, page } = running;
    const opening = app.waitForEvent("window");
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById("new")?.click());
    const other = await opening;
    await other.getByRole("heading", { name: "Fixture" }).waitFor();
    const answered = joinCall(other, "answer");
    const widths = await Promise.all([joinCall(page, "offer"), answered]);
    for (const width of widths) expect(width).toBeGreaterThan(0);
    await other.close();
  });

  it("records a stream to webm", async () => {
    const size = await running.page.evaluate(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
      const recorder = new MediaRecorder(stream, { mimeType: "video/webm;codecs=vp9,opus" });
      const parts: Blob[] = [];
      recorder.addEventListener("dataavailable", ({ data }) => void parts.push(data));
      const stopped = new Promise((done) => recorder.addEventListener("stop", done));
      recorder.start(200);
      await new Promise((done) => setTimeout(done, 1500));
      recorder.stop();
      await stopped;
      for (const track of stream.getTracks()) track.stop();
      return new Blob(parts).size;
    });
    expect(size).toBeGreaterThan(10_000);
  });

  it("shares the screen only where the app's handler says so", async () => {
    const { app, page } = running;
    const share = async () => {
      await page.mouse.click(5, 5); // sharing needs a person's gesture
      return page.evaluate(() =>
        navigator.mediaDevices.getDisplayMedia({ video: true }).then(
          (stream) => stream.getVideoTracks().map(({ kind }) => kind),
          (error: Error) => error.name,
        ),
      );
    };
    expect(await share()).toBe("NotSupportedError");
    await app.evaluate(({ desktopCapturer, session }) => {
      session.defaultSession.setPermissionRequestHandler((_contents, _name, answer) =>
        answer(true),
      );
      session.defaultSession.setDisplayMediaRequestHandler(async (_request, answer) => {
        const [video] = await desktopCapturer.getSources({ types: ["screen"] });
        if (video) answer({ video });
      });
    });
    expect(await share()).toEqual(["video"]);
    await app.evaluate(({ session }) => {
      session.defaultSession.setDisplayMediaRequestHandler((_request, answer) => answer({}));
    });
    expect(await share()).toBe("NotAllowedError");
  });
});

describe("the round trip of invoke", () => {
  it("carries 300 calls, one after another and all at once, in order", async () => {
    const seen = await running.page.evaluate(async () => {
      const alone: unknown[] = [];
      for (let i = 0; i < 300; i++) alone.push(await window.api.invoke("echo", i));
      const together = await Promise.all(
        Array.from({ length: 300 }, (_, i) => window.api.invoke("echo", i)),
      );
      const big = (await window.api.invoke("echo", new Uint8Array(1 << 20).fill(7))) as Uint8Array;
      return { alone, together, big: [big.length, big.at(-1)] };
    });
    const numbers = Array.from({ length: 300 }, (_, i) => i);
    expect(seen).toEqual({ alone: numbers, together: numbers, big: [1 << 20, 7] });
  });
});

type Signal = {
  hello?: boolean;
  candidate?: RTCIceCandidateInit;
  description?: RTCSessionDescriptionInit;
};

/** One side of a call; the two windows find each other through main. Returns the far video's width. */
function joinCall(page: Page, side: "offer" | "answer"): Promise<number> {
  return page.evaluate(async (role) => {
    const send = (signal: Signal) => window.api.send("signal", signal);
    const connection = new RTCPeerConnection();
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    for (const track of stream.getTracks()) connection.addTrack(track, stream);
    connection.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate) send({ candidate: candidate.toJSON() });
    });
    const video = document.createElement("video");
    video.muted = true;
    const playing = new Promise((done) => video.addEventListener("resize", done));
    connection.addEventListener("track", ({ streams }) => {
      video.srcObject = streams[0] ?? null;
      void video.play();
    });
    const waiting: RTCIceCandidateInit[] = [];
    const describeSelf = async () => {
      await connection.setLocalDescription();
      const { type, sdp } = connection.localDescription!;
      send({ description: { type, sdp } });
    };
    const hear = async ({ hello, candidate, description }: Signal) => {
      if (hello && role === "offer") await describeSelf();
      if (candidate && connection.remoteDescription) await connection.addIceCandidate(candidate);
      else if (candidate) waiting.push(candidate);
      if (!description) return;
      await connection.setRemoteDescription(description);
      for (const early of waiting.splice(0)) await connection.addIceCandidate(early);
      if (role === "answer") await describeSelf();
    };
    window.api.on("signal", (signal) => void hear(signal as Signal));
    const hello = setInterval(() => {
      if (role === "answer" && !connection.remoteDescription) send({ hello: true });
    }, 300);
    await playing;
    clearInterval(hello);
    return video.videoWidth;
  }, side);
}
