import { ensureBuilt } from "./build.ts";

ensureBuilt();
