/** Degrees of secrecy; what is not the first may not be on this system (Law 117/2025/QH15, article 5.2). */
import type { UploadMeta } from "@phien/wire";

export type Level = NonNullable<UploadMeta["classification"]>;
