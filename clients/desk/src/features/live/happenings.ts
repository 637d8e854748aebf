/** What just happened in a sitting, in words: each operation against what was known before it. */
import { t } from "@phien/kit/i18n";
import type { AnyEntity, Dossier, Item, Meeting, Operation, Paper, Participant, Presenting, SigningRequest } from "@phien/wire";

export interface Happening {
  /** Stream and number: one line stands once. */
  id: string;
  at: string;
  text: string;
}

type Known = (kind: AnyEntity["kind"], id: string) => AnyEntity | undefined;

/** Remembers entities and tells every new operation as lines, newest first. */
export class Happenings {
  lines: Happening[] = [];
  readonly #known = new Map<string, AnyEntity>();
  readonly #limit: number;

  constructor(limit = 40) {
    this.#limit = limit;
  }

  /** What stands already, so that its next change can be told. */
  know(entities: Iterable<AnyEntity>): void {
    for (const entity of entities) this.#known.set(key(entity.kind, entity.id), entity);
  }

  /** What the state itself tells of the past: when the sitting began, and its current item. */
  recall(meeting: Meeting, items: readonly Item[]): void {
    const current = items.find((item) => item.id === meeting.current_item);
    const past: Happening[] = [];
    if (meeting.item_since && current) past.push({ id: `since/${meeting.item_since}`, at: meeting.item_since, text: openedItem(current) });
    if (meeting.started_at) past.push({ id: "started", at: meeting.started_at, text: t("Bắt đầu phiên") });
    this.#add(past.filter((line) => !this.lines.some((each) => each.text === line.text)));
  }

  /** Takes an operation; answers whether it said anything. */
  take(stream: string, operation: Operation): boolean {
    const known: Known = (kind, id) => this.#known.get(key(kind, id));
    const texts = operation.event.put.flatMap((entity) => told(entity as AnyEntity, known));
    this.know(operation.event.put as AnyEntity[]);
    const fresh = texts.map((text, index) => ({ id: `${stream}/${operation.seq}/${index}`, at: operation.at, text }));
    this.#add(fresh);
    return fresh.length > 0;
  }

  #add(lines: readonly Happening[]): void {
    const fresh = lines.filter((line) => !this.lines.some((each) => each.id === line.id));
    this.lines = [...fresh, ...this.lines].sort((a, b) => b.at.localeCompare(a.at)).slice(0, this.#limit);
  }
}

const key = (kind: string, id: string): string => `${kind}/${id}`;

function openedItem(item: Item): string {
  return t("Sang nội dung {number}: {title}", { number: item.position, title: item.title });
}

function told(entity: AnyEntity, known: Known): string[] {
  const before = known(entity.kind, entity.id);
  switch (entity.kind) {
    case "meeting": return ofMeeting(entity, before as Meeting | undefined, known);
    case "participant": return ofParticipant(entity, before as Participant | undefined);
    case "paper": return ofPaper(entity, before as Paper | undefined);
    case "presenting": return ofPresenting(entity, before as Presenting | undefined);
    case "signing": return ofSigning(entity);
    case "dossier": return ofDossier(entity, before as Dossier | undefined);
    default: return [];
  }
}

function ofMeeting(now: Meeting, before: Meeting | undefined, known: Known): string[] {
  if (!before) return [];
  const lines: string[] = [];
  if (now.state !== before.state && now.state === "live") lines.push(t("Bắt đầu phiên"));
  if (now.state !== before.state && now.state === "ended") lines.push(t("Kết thúc phiên"));
  if (now.current_item !== before.current_item && now.current_item) {
    const item = known("item", now.current_item) as Item | undefined;
    lines.push(item ? openedItem(item) : t("Sang nội dung khác"));
  }
  if (now.presenter?.id !== before.presenter?.id) {
    lines.push(now.presenter ? t("{name} trình bày", { name: now.presenter.name }) : t("Thôi trình bày"));
  }
  return lines;
}

function ofParticipant(now: Participant, before: Participant | undefined): string[] {
  const { name } = now.person;
  if (!before) return [t("{name} vào thành phần dự họp", { name })];
  if (now.answer !== before.answer && now.answer === "accepted") return [t("{name} nhận lời", { name })];
  if (now.answer !== before.answer && now.answer === "declined") return [t("{name} báo vắng", { name })];
  if (now.answer !== before.answer && now.answer === "substitute") return [t("{name} đề nghị người dự thay", { name })];
  if (now.opened_at !== null && before.opened_at === null) return [t("{name} mở giấy mời", { name })];
  return [];
}

function ofPaper(now: Paper, before: Paper | undefined): string[] {
  const { title } = now;
  if (!before) return [t("Gửi “{title}”", { title })];
  if (now.state === "recalled" && before.state !== "recalled") return [t("Thu hồi “{title}”", { title })];
  if (now.version && now.version.id !== before.version?.id) {
    return [now.version.signed ? t("“{title}” có bản đã ký", { title }) : t("“{title}” có bản {number}", { title, number: now.version.no })];
  }
  return [];
}

function ofPresenting(now: Presenting, before: Presenting | undefined): string[] {
  if (now.version_id === "" || now.version_id === before?.version_id) return [];
  return [t("{name} mở một tài liệu cho mọi người theo", { name: now.person.name })];
}

function ofSigning({ act, state, official_name: name, paper_title: title }: SigningRequest): string[] {
  if (state === "returned") return [t("{name} trả lại “{title}”", { name, title })];
  if (state !== "signed") return [];
  if (act === "initial") return [t("{name} ký nháy “{title}”", { name, title })];
  return [act === "approve" ? t("{name} phê duyệt “{title}”", { name, title }) : t("{name} ký “{title}”", { name, title })];
}

/** What the registry does is told by the number of the paper. */
function ofDossier(now: Dossier, before: Dossier | undefined): string[] {
  if (now.state === before?.state || now.symbol === "") return [];
  switch (now.state) {
    case "numbered": return [t("Văn thư cấp số {symbol} cho “{title}”", { symbol: now.symbol, title: now.paper_title })];
    case "sealed": return [t("Văn thư đóng dấu {symbol}", { symbol: now.symbol })];
    case "issued": return [t("{symbol} đã ban hành", { symbol: now.symbol })];
    default: return [];
  }
}
