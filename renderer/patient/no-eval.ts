import { z } from "zod";

// The page allows no code made at run time (its content policy), so zod need not try. It looks when
// the first shape is made, so this has to be imported before everything else.
z.config({ jitless: true });
