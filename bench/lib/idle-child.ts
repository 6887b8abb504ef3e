import { watchLoop } from "./idle-loop.ts";

// The process beside which the product's loop is measured.

const watch = watchLoop();
process.send?.("watching");
process.on("disconnect", () => process.exit(0));
process.once("message", () => {
  process.send?.(watch.stop(), () => process.exit(0));
});
