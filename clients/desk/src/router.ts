/** The router of this app, over its table of screens. */
import { Router } from "@phien/kit/router";

import { routes } from "./routes.ts";

export const router = new Router(routes, import.meta.env.BASE_URL);
