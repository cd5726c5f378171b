/**
 * Imported before anything that makes a zod schema: zod otherwise tries out whether it may compile code, which the page's
 * Content-Security-Policy refuses and reports on the console.
 */

import { z } from "zod";

z.config({ jitless: true });
