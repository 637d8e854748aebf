/** Streams kept in step, and the outbox of what this tablet wrote. */
export { rebase, type Shown } from "./annotations.ts";
export { applyEvent, keyOf, StreamLog, type Ask } from "./log.ts";
export { OutboxStore, settle, type Op, type Settled, type Waiting } from "./outbox.ts";
export { Outbox } from "./sender.ts";
export { type Seed, Streams, type StreamStanding, type StreamView } from "./streams.ts";
