/** Strokes of many pages of catch-up, made ready to be drawn while the next page is on its way. */
import { Ahead } from "@phien/kit/ink";
import type { Streams } from "@phien/kit/sync";
import type { AnyEntity, Page } from "@phien/wire";

/** Makes ready what comes for these streams; returns how to stop. */
export function strokesAhead(streams: Pick<Streams, "ahead">, ids: readonly string[]): () => void {
  const ahead = new Ahead();
  const stops = ids.map((id) => streams.ahead(id, (page) => { ahead.add(bodiesOf(page)); }));
  return () => {
    for (const stop of stops) stop();
    ahead.stop();
  };
}

function bodiesOf(page: Page): Extract<AnyEntity, { kind: "annotation" }>["body"][] {
  const entities = [...page.put, ...page.ops.flatMap(({ event }) => event.put as AnyEntity[])];
  return entities.flatMap((entity) => (entity.kind === "annotation" ? [entity.body] : []));
}
