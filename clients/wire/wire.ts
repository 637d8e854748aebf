// Made by `phien wire` from server/*/wire.py; not to be edited.

/** Audit: access was given, reset, changed or revoked for a person (stream ``x:accounts``). */
export interface AccessChanged {
  name: "accounts.access_changed";
  put: unknown[];
  gone: Ref[];
  person_id: string;
  what: string;
}

/** Shown once: the one-time code as text, as the address in the QR picture, and the picture (SVG). */
export interface AccessGiven {
  person_id: string;
  user: string;
  code: string;
  url: string;
  qr_svg: string;
  expires_at: string;
}

/** Give a person access under a user name, with grants. */
export interface AccountGive {
  user: string;
  grants?: Grant[];
}

/** A person's access, as the administrator sees it.
 * ``title``, ``body_name``: the main post; with ``post_from`` (ISO day) the one that begins then, none being held. */
export interface AccountView {
  person_id: string;
  name: string;
  title: string;
  body_name: string;
  post_from: string | null;
  user: string;
  active: boolean;
  grants: Grant[];
  devices: number;
  passkeys: number;
  last_seen_at: string | null;
}

/** All accounts. */
export interface Accounts {
  accounts: AccountView[];
}

/** A one-tap role: the role's key, who it is, and the post. */
export interface DemoRole {
  role: string;
  name: string;
  title: string;
}

/** Sign in by one tap as a role of the demo; exists on a demo data folder only. */
export interface DemoSignIn {
  role: string;
}

/** The server's half of this device's key (32 bytes, base64) under an ``id`` that changes with it.
 * ``server_time`` is when it was given: from then on the leases of the papers on the device count. */
export interface DeviceKey {
  id: string;
  half: string;
  server_time: string;
}

/** Ask for the server's half of this device's key; ``fresh`` makes a new one and the old one worthless. */
export interface DeviceKeyAsk {
  fresh?: boolean;
}

/** A device on which somebody is signed in. */
export interface DeviceView {
  id: string;
  name: string;
  current: boolean;
  created_at: string;
  seen_at: string;
  expires_at: string;
}

/** One's own devices, the present one first. */
export interface Devices {
  devices: DeviceView[];
}

/** Replace a person's grants. */
export interface GrantsChange {
  grants: Grant[];
}

/** Choose the language of the screens: ``vi`` or ``en``. */
export interface LanguageChange {
  lang: string;
}

/** Let another device in from this one: to read for some hours, or as any device; then the password is asked for. */
export interface LendingAsk {
  read_only?: boolean;
  password?: string;
}

/** Shown once: the address that the other device opens, and its QR picture (SVG); good until ``expires_at``. */
export interface LendingShown {
  id: string;
  url: string;
  qr_svg: string;
  expires_at: string;
}

/** How far it is. ``taken``: a device opened the address and shows ``number``; ``over``: it is in, or never. */
export interface LendingState {
  state: "confirmed" | "over" | "shown" | "taken";
  number: string;
  device_name: string;
}

/** Open what another device of the same person shows: the first browser to do so has it. */
export interface LendingTake {
  code: string;
  device_name?: string;
}

/** The number that both devices show; the person confirms it on the first one. */
export interface LendingTaken {
  number: string;
  read_only: boolean;
  expires_at: string;
}

/** Who is signed in on this device. ``home`` is the app this person begins in: ``desk`` or ``tablet``.
 * ``read_only``: the device is borrowed; it reads, and does nothing. */
export interface Me {
  person_id: string;
  name: string;
  title: string;
  body_name: string;
  lang: string;
  home: string;
  grants: Grant[];
  device_id: string;
  demo: boolean;
  must_change_password: boolean;
  read_only: boolean;
}

/** Add the passkey that a browser made: its client data and attestation object. */
export interface PasskeyAdd {
  name: string;
  client_data: string;
  attestation: string;
}

/** What a passkey is to sign. Bytes are base64. ``allow``: ids of those that may; empty for any of this site. */
export interface PasskeyAsk {
  challenge: string;
  rp_id: string;
  allow: string[];
}

/** Begin to add a passkey; the password shows that it is the account's own person who does. */
export interface PasskeyBegin {
  password: string;
}

/** What a browser makes a passkey of. Bytes are base64.
 * ``rp_id``, ``rp_name``: the site; ``user_id``: what the passkey will call the person, ``user`` and ``name``: what
 * it shows; ``exclude``: ids of those that are there already; ``algorithms``: COSE numbers, the dearest first. */
export interface PasskeyOffer {
  challenge: string;
  rp_id: string;
  rp_name: string;
  user_id: string;
  user: string;
  name: string;
  exclude: string[];
  algorithms: number[];
}

/** Call one's own passkey otherwise. */
export interface PasskeyRename {
  name: string;
}

/** What a browser brings of a passkey that was used: an assertion of WebAuthn, bytes as base64. */
export interface PasskeyUsed {
  credential_id: string;
  client_data: string;
  authenticator_data: string;
  signature: string;
  user_handle: string;
}

/** One's own passkey. */
export interface PasskeyView {
  id: string;
  name: string;
  created_at: string;
  used_at: string | null;
}

/** One's own passkeys, the oldest first. ``offered``: whether browsers make them at this address. */
export interface Passkeys {
  passkeys: PasskeyView[];
  offered: boolean;
}

/** Change one's own password. */
export interface PasswordChange {
  old: string;
  new: string;
}

/** Sign in by user name and password. */
export interface SignIn {
  user: string;
  password: string;
  device_name?: string;
}

/** Sign in by the one-time code of a QR picture. */
export interface SignInByCode {
  code: string;
  device_name?: string;
}

/** Sign in by a passkey, without a user name. */
export interface SignInByPasskey {
  used: PasskeyUsed;
  device_name?: string;
}

/** What the sign-in page offers. ``passkeys``: whether browsers take them at this address. */
export interface SignInOptions {
  demo: DemoRole[];
  passkeys: boolean;
}

/** Audit: a person signed in on a device (stream ``x:accounts``).
 * ``by`` is ``password``, ``code``, ``passkey``, ``device`` (from another one of theirs) or ``demo``. */
export interface SignedIn {
  name: "accounts.signed_in";
  put: unknown[];
  gone: Ref[];
  person_id: string;
  device_id: string;
  by: string;
}

/** To the person's devices: the device's session has ended; it forgets what it holds (stream ``u:``). */
export interface SignedOut {
  name: "accounts.signed_out";
  put: unknown[];
  gone: Ref[];
  device_id: string;
}

/** An annotation of one document version; ``rev`` rises with each change. */
export interface Annotation {
  kind: "annotation";
  id: string;
  version_id: string;
  owner_id: string;
  owner_name: string;
  page: number;
  body: Ink | Highlight | Note | Shape | Text;
  rev: number;
  created_at: string;
  updated_at: string;
  carried: Carried | null;
}

/** The annotations of a version that one may see: shared ones and one's own. */
export interface Annotations {
  annotations: Annotation[];
}

/** Annotations of an older version of the paper are now in this one (streams ``s:``, ``g:`` and ``p:``). */
export interface AnnotationsCarried {
  name: "annotations.carried";
  put: Annotation[];
  gone: Ref[];
}

/** ``annotations.push``: up to 50 operations on one stream, applied in order, acknowledged after commit. */
export interface AnnotationsPush {
  stream: string;
  ops: (Put | Delete)[];
}

/** An annotation was added, changed or (``gone``) deleted (streams ``s:``, ``g:`` and ``p:``). */
export interface AnnotationsPushed {
  name: "annotations.pushed";
  put: Annotation[];
  gone: Ref[];
}

/** From which version, and which page of it, an annotation was carried over; it has the same id there.
 * ``waiting``: that page was changed, so it is shown nowhere; the annotation's own ``page`` is where it may belong.
 * Its owner puts it there or elsewhere (any page, any body of the same type), or deletes it, which leaves it in the
 * old version alone. */
export interface Carried {
  version_id: string;
  page: number;
  waiting: boolean;
}

/** How many of one's private annotations were carried to a version just now, and how many of these wait. */
export interface CarriedOver {
  carried: number;
  waiting: number;
}

/** A paper to take away; ``pages`` like "3-5, 8", empty for all. */
export interface CopyWanted {
  own?: boolean;
  shared?: boolean;
  pages?: string;
  inline?: boolean;
}

/** Delete an annotation: one's own, or as secretary or chair a shared one. */
export interface Delete {
  kind: "del";
  op_id: string;
  ann_id: string;
}

/** Marked text: quads of 8 numbers (UL UR LL LR, ISO 32000-2 §12.5.6.10) and the words themselves.
 * ``prefix`` and ``suffix`` are the words before and after, by which it is found again in a new version. */
export interface Highlight {
  type: "highlight";
  color: string;
  quads: [number, number, number, number, number, number, number, number][];
  quote: string;
  prefix: string;
  suffix: string;
  style: "highlight" | "strike" | "underline";
}

/** A stroke: [x, y, pressure] triples, the first absolute, the rest differences; pressure is in hundredths. */
export interface Ink {
  type: "ink";
  color: string;
  w: number;
  pts: number[];
  marker: boolean;
}

/** How many read a group's layer of a version now. */
export interface LayerReaders {
  group_id: string;
  count: number;
}

/** What a replacement touches: how many shared marks the current version has, and whether private ones are many.
 * ``private`` is true where five people or more have some; below that nothing is told of them. */
export interface MarksOnPaper {
  shared: number;
  private: boolean;
}

/** Which marks go along: one's own private ones, the shared ones that one may read. */
export interface MarksWanted {
  own?: boolean;
  shared?: boolean;
}

/** Words at a place on the page. ``fork_of``: a parallel version kept when two devices changed one note. */
export interface Note {
  type: "note";
  x: number;
  y: number;
  text: string;
  fork_of: string | null;
}

/** People who share a layer of notes on the papers of a meeting (stream ``u:`` of each of them).
 * Their notes on a version are the stream ``g:<version>:<id>``; of them those read it who may read the version.
 * ``members`` stand in the order in which they came; ``keeper`` names others and takes out. */
export interface NoteGroup {
  kind: "note_group";
  id: string;
  meeting_id: string;
  name: string;
  keeper: string;
  members: Person[];
}

/** Let more people in, who may read ``version_id``; they see what is already there. */
export interface NoteGroupAdd {
  version_id: string;
  person_ids: string[];
}

/** Share a layer with people who may read the version; it holds for all papers of the meeting. */
export interface NoteGroupMake {
  name: string;
  person_ids: string[];
}

/** A group was made, or who is in it changed; ``gone``: one is not in it any more (stream ``u:``). */
export interface NoteGrouped {
  name: "annotations.grouped";
  put: NoteGroup[];
  gone: Ref[];
}

/** Who reads what is shared on a version: ``count`` in all; ``people`` of those asked for, at most 100. */
export interface NoteReaders {
  count: number;
  people: Person[];
  groups: LayerReaders[];
}

/** Words of a name, with or without accents. */
export interface NoteReadersQuery {
  q?: string;
}

/** What became of one operation. ``conflict``: the note had changed; the client keeps its words in a new note. */
export interface OpResult {
  op_id: string;
  st: "applied" | "conflict" | "denied" | "dup" | "gone";
  seq: number | null;
  rev: number | null;
}

/** The pack could not be made after its making had begun; nothing follows this line. */
export interface PackFailed {
  type: "failed";
  code: string;
  text: string;
}

/** The pack is made; its ``size`` bytes follow this line.
 * ``pages`` are numbered through; ``left_out`` names papers that may be read but not taken away. */
export interface PackReady {
  type: "ready";
  size: number;
  pages: number;
  left_out: string[];
}

/** How far a meeting's pack is: ``done`` of ``total`` papers, and which one is next (empty: joining them). */
export interface PackStep {
  type: "step";
  done: number;
  total: number;
  title: string;
}

/** The answers, in the order of the operations. */
export interface PushResult {
  results: OpResult[];
}

/** Add an annotation (``base_rev`` 0) or change one's own note or text (``base_rev`` = the rev that was seen). */
export interface Put {
  kind: "put";
  op_id: string;
  ann_id: string;
  base_rev: number;
  page: number;
  body: Ink | Highlight | Note | Shape | Text;
}

/** A drawn figure: an arrow from the first point to the second, a line, or a rectangle between two corners. */
export interface Shape {
  type: "shape";
  shape: "arrow" | "line" | "rect";
  color: string;
  w: number;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** Words written on the page itself: upper left corner, width of the lines and size of the letters, in points.
 * Changed and forked like a note. */
export interface Text {
  type: "text";
  x: number;
  y: number;
  width: number;
  size: number;
  color: string;
  text: string;
  fork_of: string | null;
}

/** A role, in a body or (None) in all; dated grants that are not in force are never loaded. */
export interface Grant {
  role: "administrator" | "secretary" | "clerk" | "official";
  body_id: string | null;
}

/** The event ``stream.ops``: operations of one stream, in order, all from one tick. */
export interface Frame {
  stream: string;
  epoch: number;
  ops: Operation[];
}

/** One numbered operation of a stream on the wire. */
export interface Operation {
  seq: number;
  op_id: string | null;
  actor: string | null;
  at: string;
  event: AnyEvent;
}

/** One page of catch-up.
 * ``delta``: ``ops`` follow ``last_seq``; with ``more`` the client asks again from its new last ``seq``.
 * ``snapshot``: ``put`` holds entities of the state; with ``after`` the client asks again from there, and keeps
 * the ``head`` of the first page, from which operations then apply. */
export interface Page {
  stream: string;
  mode: "delta" | "snapshot";
  epoch: number;
  head: number;
  ops: Operation[];
  put: AnyEntity[];
  more: boolean;
  after: [string, string] | null;
}

/** An acknowledgement without content. */
export interface Done {
  ok: boolean;
}

/** ``auth`` of the connect: protocol number, the tablet's own id, and what it knows of each stream. */
export interface Handshake {
  proto: number;
  device?: string;
  streams?: Record<string, number>;
}

/** ``stream.join``: enter a stream's room and catch up from ``last_seq``, or go on with a snapshot ``after``. */
export interface StreamJoin {
  stream: string;
  last_seq?: number;
  after?: [string, string] | null;
}

/** ``stream.leave``. */
export interface StreamLeave {
  stream: string;
}

/** The event ``stream.welcome``: sent once after connect. */
export interface Welcome {
  proto: number;
  person: string;
  server_time: string;
}

/** Names an entity that is no longer in the stream's state. */
export interface Ref {
  kind: string;
  id: string;
}

/** All bodies in force, parents before children. */
export interface Bodies {
  bodies: BodyView[];
  tiers: TierView[];
}

/** Change what is given, leave the rest. ``valid_to`` is the last day, None while the body exists. */
export interface BodyChange {
  name?: string;
  short_name?: string;
  parent_id?: string | null;
  valid_to?: string | null;
}

/** A new body. */
export interface BodyCreate {
  code: string;
  name: string;
  short_name?: string;
  tier: string;
  parent_id?: string | null;
  valid_from: string;
}

/** A public body. Days are ISO dates; ``valid_to`` is the last day, None while it exists. */
export interface BodyView {
  id: string;
  code: string;
  name: string;
  short_name: string;
  tier: string;
  parent_id: string | null;
  valid_from: string;
  valid_to: string | null;
}

/** Audit: what was entered, changed or ended, and the ids it concerns (stream ``x:directory``). */
export interface DirectoryChanged {
  name: "directory.changed";
  put: unknown[];
  gone: Ref[];
  what: string;
  ids: string[];
}

/** ``dry_run`` checks and reports without changing anything. */
export interface ImportQuery {
  dry_run?: boolean;
  filename?: string;
}

/** The whole import: nothing is changed unless ``applied``, and then all of it. */
export interface ImportReport {
  applied: boolean;
  added: number;
  changed: number;
  ended: number;
  same: number;
  errors: number;
  rows: ImportRow[];
}

/** What becomes of one row of the file. ``code`` is a stable reason where there is something to say.
 * ``what``: whom or which body the row is about, with the days that it names, for reading. */
export interface ImportRow {
  row: number;
  what: string;
  outcome: "added" | "changed" | "ended" | "error" | "same";
  code: string | null;
  text: string;
}

/** A page of people and how many there are in all. */
export interface PeoplePage {
  total: number;
  people: PersonView[];
}

/** Search: words of the name with or without accents, and a body (with those below it).
 * ``coming`` also finds those whose post in that body is still to begin. */
export interface PeopleQuery {
  q?: string;
  body?: string | null;
  coming?: boolean;
  limit?: number;
  offset?: number;
}

/** Change what is given, leave the rest. */
export interface PersonChange {
  full_name?: string;
  email?: string | null;
  phone?: string | null;
}

/** A new person with a first post. */
export interface PersonCreate {
  code: string;
  full_name: string;
  email?: string | null;
  phone?: string | null;
  body_id: string;
  title: string;
  valid_from: string;
}

/** A person with the posts held today, the main one first; ``coming``: those yet to begin, the next one first. */
export interface PersonView {
  id: string;
  code: string;
  full_name: string;
  email: string | null;
  phone: string | null;
  postings: PostingView[];
  coming: PostingView[];
}

/** One more post of a person, after those held. */
export interface PostingCreate {
  body_id: string;
  title: string;
  valid_from: string;
  valid_to?: string | null;
}

/** End a post; ``valid_to`` is its last day. */
export interface PostingEnd {
  valid_to: string;
}

/** A post that a person holds in a body, from a day to a day, both included. */
export interface PostingView {
  id: string;
  body_id: string;
  body_name: string;
  title: string;
  valid_from: string;
  valid_to: string | null;
}

/** A tier of government, valid for a time, the last day included. ``citation`` names the law that makes it. */
export interface TierView {
  key: string;
  name: string;
  valid_from: string;
  valid_to: string | null;
  citation: string;
}

/** The same of a file that may have to be converted first.
 * Several images become one paper when they share a ``batch`` (made by who sends them) as ``part`` 1 … ``parts``. */
export interface ArrivalQuery {
  filename: string;
  title?: string;
  symbol?: string;
  purpose?: "agenda" | "invitation" | "paper";
  classification?: "confidential" | "normal" | "secret" | "top-secret";
  batch?: string;
  part?: number;
  parts?: number;
}

/** What became of a file: a PDF is published at once, anything else waits to be converted and looked at. */
export interface Arrived {
  paper: Paper | null;
  incoming: Incoming | null;
}

/** What came in and is no paper yet (stream ``d:``; of a closed item ``u:`` of who brought it).
 * ``paper_id``: the paper whose next version it is to be. ``done`` of ``files`` have arrived, or are converted.
 * ``pages`` and ``size`` (bytes) are of the PDF, once there is one. ``reason``: the code of why it failed.
 * ``secret_mark``: a stamp of state secrecy found in its text (``Mật`` …): only the secretary publishes it, by name. */
export interface Incoming {
  kind: "incoming";
  id: string;
  meeting_id: string;
  item_id: string;
  paper_id: string | null;
  title: string;
  symbol: string;
  purpose: "agenda" | "invitation" | "paper";
  filename: string;
  format: string;
  files: number;
  stage: "arriving" | "converting" | "failed" | "ready" | "waiting";
  done: number;
  pages: number;
  size: number;
  reason: string | null;
  at: string;
  by: string;
  secret_mark: string;
}

/** A file came in, is being converted, can be looked at, failed, or is gone; ``what`` names the act. */
export interface IncomingChanged {
  name: "documents.incoming_changed";
  put: Incoming[];
  gone: Ref[];
  what: "arrived" | "converting" | "dropped" | "failed" | "moved" | "published" | "ready" | "retried";
}

/** It is gone. */
export interface IncomingDropped {
  id: string;
}

/** What is looked at before it is published; ``boxes`` as in a version. ``filenames``: what it was made of. */
export interface IncomingLook {
  incoming: Incoming;
  boxes: [number, number, number, number, number][];
  filenames: string[];
}

/** Publish what was looked at; a title or symbol that is given replaces the one it came with.
 * ``override``: why it is no state secret though a stamp of secrecy was found in it; the secretary says so by name. */
export interface IncomingPublish {
  title?: string;
  symbol?: string;
  override?: string;
}

/** A file on its way in: ``received`` of ``size`` bytes are durable. It goes at ``expires_at`` if nothing comes. */
export interface Upload {
  id: string;
  item_id: string;
  paper_id: string | null;
  filename: string;
  sha256: string;
  size: number;
  received: number;
  expires_at: string;
}

/** All bytes are there: make of them what they are to be. ``again``: though the same file is elsewhere already. */
export interface UploadFinish {
  again?: boolean;
}

/** What a resumable upload says of its file in ``Upload-Metadata``; ``sha256`` of the whole, if it is known.
 * ``again``: though the same file is in another item already. */
export interface UploadMeta {
  filename: string;
  title?: string;
  symbol?: string;
  purpose?: "agenda" | "invitation" | "paper";
  classification?: "confidential" | "normal" | "secret" | "top-secret";
  batch?: string;
  part?: number;
  parts?: number;
  sha256?: string;
  again?: boolean;
}

/** What an upload is: the file's own name, and a title (else made from the name).
 * ``classification``: độ mật. Whatever is not ``normal`` is refused; it may not be on this system at all. */
export interface UploadQuery {
  filename: string;
  title?: string;
  symbol?: string;
  purpose?: "agenda" | "invitation" | "paper";
  classification?: "confidential" | "normal" | "secret" | "top-secret";
}

/** What one has begun to send to an item and what became nothing yet, oldest first. */
export interface Uploads {
  uploads: Upload[];
}

/** Which edition of a version is read on: where its bytes are others by now, none are given. */
export interface ContentQuery {
  edition?: string | null;
}

/** Audit: one's copy of a version has been marked, with this number (stream ``x:documents``). */
export interface CopyIssued {
  name: "documents.copy_issued";
  put: unknown[];
  gone: Ref[];
  version_id: string;
  number: string;
}

/** Audit: a paper was published though a stamp of secrecy was found in its text (stream ``x:documents``). */
export interface MarkOverridden {
  name: "documents.mark_overridden";
  put: unknown[];
  gone: Ref[];
  paper_id: string;
  override: Override;
}

/** Audit: the file was taken out as it was uploaded, before cleaning (stream ``x:documents``). */
export interface OriginalTaken {
  name: "documents.original_taken";
  put: unknown[];
  gone: Ref[];
  version_id: string;
}

/** Who let a version through though its text carries a stamp of secrecy, when and why. */
export interface Override {
  version_id: string;
  secret_mark: string;
  person: string;
  reason: string;
  at: string;
}

/** A paper of an agenda item with its current version (stream ``i:``). A recalled one has none.
 * A ``printed`` one never has: it is handed out on paper and taken back, since it may not be on this system. */
export interface Paper {
  kind: "paper";
  id: string;
  meeting_id: string;
  item_id: string;
  position: number;
  title: string;
  symbol: string;
  purpose: "agenda" | "invitation" | "paper";
  state: "printed" | "published" | "recalled";
  version: Version | null;
  versions: number;
  downloadable: boolean;
}

/** Change what is given, leave the rest. */
export interface PaperEdit {
  title?: string;
  symbol?: string;
  position?: number;
  downloadable?: boolean;
}

/** Take a paper back from every tablet. */
export interface PaperRecall {
  reason?: string;
}

/** Purge these versions from the device: bytes, text, thumbnails, shared notes (stream ``i:``). */
export interface PaperRecalled {
  name: "documents.recalled";
  put: Paper[];
  gone: Ref[];
  versions: string[];
}

/** Make an older version of a paper the next one. */
export interface PaperRestore {
  version_id: string;
}

/** The papers of an item. */
export interface Papers {
  papers: Paper[];
}

/** Papers were published, replaced, renamed, moved or recalled (stream ``i:``); ``what`` names the act. */
export interface PapersChanged {
  name: "documents.papers_changed";
  put: Paper[];
  gone: Ref[];
  what: string;
}

/** A line on the agenda for a paper that is handed out printed; the title says nothing that is secret. */
export interface PlaceholderCreate {
  title: string;
}

/** Pages of a version that have no words of their own, and of how many the words have been recognised so far.
 * ``off``: this server has nothing to recognise words with. */
export interface Scan {
  pages: number;
  done: number;
  state: "done" | "off" | "running";
}

/** Why a paper is no state secret though a stamp was read on its scan. */
export interface StampAnswer {
  reason: string;
}

/** One immutable version of a paper.
 * ``sizes``: for each page [width, height] in points as displayed (after /Rotate). ``boxes``: for each page
 * [x0, y0, x1, y1, rotate]: the crop box in unrotated user space and /Rotate, which places annotations. Above 800
 * pages both are empty in streams and lists, and ``GET /versions/{version}`` has them.
 * ``mark``: whether what one reads carries one's name: ``file``, in its bytes, which are then ``size`` many and no
 * longer those of ``sha256``; ``screen``, to be drawn over what is shown, since the bytes may not be changed;
 * ``waiting``, the copies are being made. ``edition`` changes when the bytes do: those kept under another are old.
 * ``secret_mark``: a stamp of state secrecy that was read by machine on a scan (``Mật`` …), until the secretary says
 * that it is none. */
export interface Version {
  id: string;
  no: number;
  sha256: string;
  size: number;
  pages: number;
  sizes: [number, number][];
  boxes: [number, number, number, number, number][];
  issued_at: string;
  has_text: boolean;
  signed: boolean;
  scan: Scan | null;
  mark: "file" | "none" | "screen" | "waiting";
  edition: string;
  secret_mark: string;
}

/** All versions of a paper, newest first. ``overrides``: for the secretariat alone. */
export interface Versions {
  paper: Paper;
  versions: Version[];
  overrides: Override[];
}

/** What became of the pages of version ``old`` in version ``new`` of a paper.
 * ``pages``: for each page of the new version, in order. ``removed``: pages of the old one that are in it no more. */
export interface Changes {
  old: string;
  new: string;
  pages: PageOrigin[];
  removed: number[];
}

/** Since which version of the same paper. */
export interface ChangesQuery {
  since: string;
}

/** What of it must leave the device: recalled, or its holder may no longer read it. */
export interface DeviceHolding {
  purge: string[];
}

/** One of one's devices keeps other versions than before (stream ``u:``); nothing is put. */
export interface DeviceHoldingChanged {
  name: "documents.device_changed";
  put: unknown[];
  gone: Ref[];
  device_id: string;
  kept: string[];
  purged: string[];
}

/** All that this device holds now: versions ``whole`` or in ``part``. What is in neither it has no more.
 * ``number`` rises with every report of the device, so that one that comes late changes nothing. */
export interface DeviceHolds {
  number: number;
  whole?: string[];
  part?: string[];
}

/** Since when one has a version on a device, and since when one has opened it. */
export interface Marked {
  version_id: string;
  received_at: string | null;
  opened_at: string | null;
}

/** That one has opened a version; ``id`` is the version's (stream ``u:``). */
export interface Opened {
  kind: "opened";
  id: string;
  at: string;
}

/** One received (nothing is put) or opened a version on one of one's devices (stream ``u:``). */
export interface OpenedChanged {
  name: "documents.opened";
  put: Opened[];
  gone: Ref[];
}

/** Where a page comes from: ``old`` is its number in the version before (None: it is new there).
 * ``same``: it looks and reads as it did; else it was changed. */
export interface PageOrigin {
  old: number | null;
  same: boolean;
}

/** The words of the pages after ``after``, in order; empty for a page that has none (a scan).
 * ``next``: ask again with this as ``after``; None when these are the last. ``machine``: numbers of those pages whose
 * words were recognised by machine, and may be wrong. */
export interface PageTexts {
  version_id: string;
  after: number;
  pages: string[];
  next: number | null;
  machine: number[];
}

/** The recognised words of the pages after ``after``; pages with words of their own are left out.
 * ``next``: ask again with this as ``after``; None when these are the last. */
export interface PageWords {
  version_id: string;
  after: number;
  pages: RecognisedPage[];
  next: number | null;
}

/** A device that has had a paper. ``since``: when it came to be as it is; ``seen_at``: when it was last heard. */
export interface PaperDevice {
  device_id: string;
  device: string;
  person_id: string;
  person: string;
  state: "holding" | "purged" | "unreadable";
  since: string;
  seen_at: string | null;
}

/** The devices of a paper, those that still hold it first; of a recalled one, those that held it then. */
export interface PaperDevices {
  devices: PaperDevice[];
}

/** Who has received and opened a version, and when. */
export interface Reader {
  person_id: string;
  name: string;
  received_at: string | null;
  opened_at: string | null;
}

/** The audience of a version with its reading states; for the secretariat and the chair. */
export interface Readers {
  readers: Reader[];
}

/** How many of the audience have a version on a device and have opened it; ``id`` is the version's (``d:``). */
export interface Reading {
  kind: "reading";
  id: string;
  paper_id: string;
  received: number;
  opened: number;
}

/** Somebody received or opened a version (stream ``d:``). */
export interface ReadingChanged {
  name: "documents.reading_changed";
  put: Reading[];
  gone: Ref[];
}

/** How far a recalled paper is gone from the devices that held it; ``id`` is the paper's (stream ``d:``).
 * ``purged`` of ``devices`` have confirmed; ``unreadable`` are signed out, so that what they hold opens no more. */
export interface Recall {
  kind: "recall";
  id: string;
  devices: number;
  purged: number;
  unreadable: number;
}

/** A device has purged a recalled paper, or is signed out (stream ``d:``). */
export interface RecallChanged {
  name: "documents.recall_changed";
  put: Recall[];
  gone: Ref[];
}

/** The words that a machine read on a page (from 1), line by line: each with left, bottom, right, top of its box.
 * Boxes are in points of user space. ``turn``: where a line runs there, degrees from the x axis against the clock. */
export interface RecognisedPage {
  page: number;
  turn: number;
  lines: [string, number, number, number, number][][];
}

/** Which pages: those after this one. */
export interface TextQuery {
  after?: number;
}

/** Who should be there, as printed ("Trần Văn Lâm, Giám đốc Sở Y tế"), and whether they were.
 * ``note`` stands behind the name in brackets: whom they stand in for, why they are absent. */
export interface Attendee {
  person_id: string;
  name: string;
  state: "absent" | "present" | "unknown";
  note: string;
}

/** A draft with its text. ``mark``: the id of its ``DraftMark``.
 * ``stale``: the meeting knows other than when the draft was filled from it.
 * ``paper_id``: the paper that it became; ``signed``: that was signed, so this draft cannot become its next version. */
export interface Draft {
  id: string;
  meeting_id: string;
  item_id: string;
  draft_kind: "decision" | "letter" | "minutes" | "notice" | "resolution";
  title: string;
  revision: number;
  text: DraftText;
  changed_at: string;
  changed_by: string;
  paper_id: string | null;
  filed: boolean;
  stale: boolean;
  signed: boolean;
  mark: string;
}

/** Begin a paper, filled from what the meeting knows. ``item_id``: of one agenda item, else of the whole sitting. */
export interface DraftBegin {
  draft_kind: "decision" | "letter" | "minutes" | "notice" | "resolution";
  item_id?: string | null;
}

/** The paper that a draft has become, or its next version. */
export interface DraftFiled {
  draft_id: string;
  revision: number;
  paper: Paper;
}

/** The draft is discarded. */
export interface DraftGone {
  id: string;
}

/** A draft in a list. ``filed``: it is among the papers, and nothing was changed since. */
export interface DraftHead {
  id: string;
  item_id: string;
  draft_kind: "decision" | "letter" | "minutes" | "notice" | "resolution";
  title: string;
  changed_at: string;
  changed_by: string;
  paper_id: string | null;
  filed: boolean;
}

/** That a draft was kept, and by whom (stream ``d:``; of closed items ``u:``). What it says is asked for. */
export interface DraftMark {
  kind: "draft_mark";
  id: string;
  revision: number;
  changed_by: string;
  changed_at: string;
}

/** A part of the text: a heading, and paragraphs, one a line.
 * ``numbered``: 1, 2, 3 before it, or Điều 1, Điều 2 in decisions and resolutions. ``item_id``: the agenda item that
 * it was made for; a part that somebody added has a made-up ``id`` alone. */
export interface DraftPart {
  id: string;
  item_id: string;
  heading: string;
  text: string;
  numbered: boolean;
}

/** An act on exactly this revision of a draft. */
export interface DraftRevision {
  revision: number;
}

/** Keep the text. ``revision``: the one that was changed; another since is ``drafting.changed``. */
export interface DraftSave {
  revision: number;
  text: DraftText;
}

/** The revision that the text was kept as, and when; small, since it is kept for resends. */
export interface DraftSaved {
  id: string;
  revision: number;
  changed_at: string;
}

/** All that is printed on a paper; what a kind does not have stays empty.
 * ``sitting``, ``secretary`` and ``others`` are of minutes, ``power`` and ``basis`` of decisions and resolutions,
 * ``to`` of a công văn. */
export interface DraftText {
  subject: string;
  symbol: string;
  place: string;
  parent: string;
  issuer: string;
  recipients: string[];
  signer: Signatory;
  secretary: Signatory;
  others: Signatory[];
  to: string[];
  power: string;
  basis: string[];
  parts: DraftPart[];
  sitting: HeldSitting;
}

/** The drafts of a meeting that one may see, the newest first. */
export interface Drafts {
  drafts: DraftHead[];
}

/** A draft was begun or kept, or is gone. */
export interface DraftsMarked {
  name: "drafting.marked";
  put: DraftMark[];
  gone: Ref[];
}

/** What minutes tell of the sitting (form 1.9); moments are ISO 8601 with an offset, None where not known yet. */
export interface HeldSitting {
  starts_at: string | null;
  ends_at: string | null;
  place: string;
  chair: string;
  secretary: string;
  attendance: Attendee[];
}

/** Who signs: lines of authority and post above the signature, the full name below it, the person where known. */
export interface Signatory {
  name: string;
  lines: string[];
  person_id: string;
}

/** To whom a dossier's paper went, in the order of sending. */
export interface Exchange {
  outgoing: Outgoing[];
}

/** Send an issued paper to these bodies. ``password`` opens the key of the body's seal, which signs the package.
 * ``annexes``: papers of the same item that were sealed as annexes and go with it; None sends all of them. */
export interface ExchangeSend {
  bodies: string[];
  password?: string;
  annexes?: string[] | null;
}

/** Something was sent, arrived, or was answered (audit only). */
export interface Exchanged {
  name: "exchange.changed";
  put: unknown[];
  gone: Ref[];
  act: "again" | "answered" | "arrived" | "organ" | "sent" | "status";
  subject_id: string;
  document_id: string;
  organ_id: string;
  said: string;
}

/** The code of a body on the axis (``000.00.01.H56``). */
export interface OrganCode {
  body_id: string;
  body_name: string;
  organ_id: string;
}

/** All bodies that have a code. */
export interface OrganCodes {
  organs: OrganCode[];
}

/** Give a body its code; an empty one takes it away. */
export interface OrganSet {
  organ_id: string;
}

/** A package on its way to one body; ``state`` is what the axis and then the recipient said last. */
export interface Outgoing {
  id: string;
  organ_id: string;
  organ_name: string;
  document_id: string;
  sha256: string;
  state: "arrived" | "assigned" | "done" | "failed" | "queued" | "recalled" | "received" | "refused" | "sent" | "working";
  remarks: string;
  sent_at: string;
  changed_at: string;
}

/** A package that arrived, with what the check of authenticity and integrity found.
 * ``reasons`` are sentences. ``signer`` is whom the package's signature names. ``answer`` is what the clerk said. */
export interface Received {
  id: string;
  body_id: string;
  organ_id: string;
  organ_name: string;
  document_id: string;
  subject: string;
  arrived_at: string;
  sha256: string;
  size: number;
  verdict: "invalid" | "unclear" | "valid";
  reasons: string[];
  signer: string;
  files: ReceivedFile[];
  answer: "" | "received" | "refused";
  remarks: string;
}

/** Receive a package or send it back; sending back gives the reason. */
export interface ReceivedAnswer {
  accept: boolean;
  remarks?: string;
}

/** A file of a package; ``verdict`` of the signatures of a PDF, None for anything else.
 * ``description``: what the sender says of it, of an annex its title. */
export interface ReceivedFile {
  name: string;
  description: string;
  size: number;
  sha256: string;
  verdict: "invalid" | "unclear" | "valid" | null;
}

/** What arrived for one's bodies, the newest first. */
export interface ReceivedPage {
  incoming: Received[];
}

/** A package of the desk's list: which paper, to whom, where it stands.
 * ``remarks``: what the axis or the recipient said last, in their words. ``attempts``: how often it was handed to the
 * axis; ``due_at``: when again, of one that is queued. ``again``: it may be handed over anew at once. */
export interface Sent {
  id: string;
  dossier_id: string;
  body_id: string;
  symbol: string;
  title: string;
  organ_id: string;
  organ_name: string;
  state: "arrived" | "assigned" | "done" | "failed" | "queued" | "recalled" | "received" | "refused" | "sent" | "working";
  remarks: string;
  attempts: number;
  due_at: string | null;
  sent_at: string;
  changed_at: string;
  again: boolean;
}

/** What went out of the bodies whose registry clerk one is, the newest first; ``axis``: the house has one. */
export interface SentPage {
  outgoing: Sent[];
  axis: boolean;
}

/** One's own invitation. */
export interface Invitation {
  meeting_id: string;
  answer: "accepted" | "declined" | "none" | "substitute";
  reason: string;
  answered_at: string | null;
  paper_id: string | null;
}

/** One's own answer. A decline gives a reason; a substitute is named from the directory. */
export interface InvitationAnswer {
  answer: "accepted" | "declined" | "substitute";
  reason?: string;
  substitute_id?: string | null;
}

/** Print the giấy mời. What is not given is taken from the meeting: its body's symbol and place, its chair. */
export interface InvitationPrint {
  symbol?: string;
  place?: string;
  signer_id?: string | null;
}

/** Send to all who have not been invited yet (or, ``again``, to everybody), in the app and by mail. */
export interface InvitationSend {
  mail?: boolean;
  again?: boolean;
}

/** How many are being invited; the progress is on stream ``d:``. */
export interface InvitationSent {
  invited: number;
  mails: number;
}

/** The secretariat accepts or refuses a proposed substitute. */
export interface SubstituteDecision {
  accept: boolean;
}

/** Move the sitting to an item. */
export interface CurrentItem {
  item_id: string;
}

/** ``live.draw``: what a shared stroke under way has gained, or a figure or words as they stand now, volatile.
 * ``pts`` as in ``Ink``: the first triple absolute, the rest differences, so that each frame stands alone; ``after``
 * counts the points that came in earlier frames. ``stroke`` names the stroke while it grows; the last frame tells
 * under which ``ann_id`` it is stored (empty: it is dropped). A ``figure`` is the whole of it in each frame, without
 * points. */
export interface Draw {
  item_id: string;
  version_id: string;
  page: number;
  stroke: string;
  color: string;
  w: number;
  marker?: boolean;
  pts?: number[];
  after?: number;
  ann_id?: string | null;
  figure?: Shape | Text | null;
}

/** Volatile event ``live.drawn`` in the room of ``i:<item>``: what of ``Draw`` gathered in a tick. */
export interface Drawn {
  item_id: string;
  version_id: string;
  page: number;
  stroke: string;
  color: string;
  w: number;
  marker: boolean;
  pts: number[];
  after: number;
  ann_id: string | null;
  figure: Shape | Text | null;
  n: number;
}

/** ``live.follow``: whether this tablet follows the presenter of an item now. */
export interface Follow {
  item_id: string;
  following: boolean;
}

/** Volatile event ``live.followers`` in the room of ``i:<item>``: how many follow, of how many present who could.
 * Who presents is not counted, nor the desks. */
export interface Followers {
  item_id: string;
  following: number;
  present: number;
}

/** The line in which such an answer ends before its last page: what the reader was told so far stays true. */
export interface MissedEnded {
  code: string;
}

/** From where a stream is to be told: after the operation ``last_seq``, or of a snapshot after an entity (both). */
export interface MissedWanted {
  last_seq?: number;
  after_kind?: string;
  after_id?: string;
}

/** ``live.point``: where the presenter's laser points, volatile; ``on`` is false once it is lifted. */
export interface Point {
  item_id: string;
  version_id: string;
  page: number;
  x: number;
  y: number;
  on?: boolean;
}

/** Volatile event ``live.pointed`` in the room of ``i:<item>``: the newest place of the laser; ``n`` rises. */
export interface Pointed {
  item_id: string;
  version_id: string;
  page: number;
  x: number;
  y: number;
  on: boolean;
  n: number;
}

/** Volatile event ``live.presence`` in the room of ``d:<meeting>``: who has a tablet connected, who looks at it. */
export interface Presence {
  meeting_id: string;
  online: string[];
  visible: string[];
}

/** Who is connected now. */
export interface PresenceView {
  online: string[];
  visible: string[];
}

/** ``live.present``: the presenter's durable page. */
export interface Present {
  item_id: string;
  version_id: string;
  page: number;
  fraction?: number;
}

/** The presenter turned to another page or paper (stream ``i:``). */
export interface Presented {
  name: "live.presented";
  put: Presenting[];
  gone: Ref[];
}

/** Give the presenter role to a participant, or take it from whoever has it (None). */
export interface PresenterChange {
  person_id: string | null;
}

/** What the presenter shows in an item: a version and a page, with the place on it (0–1); ``id`` is the item's.
 * In a closed item, whose presenter stream ``m:`` does not name, it begins with an empty ``version_id`` and page 0:
 * somebody presents and shows nothing yet. */
export interface Presenting {
  kind: "presenting";
  id: string;
  person: Person;
  version_id: string;
  page: number;
  fraction: number;
}

/** What a device found when it tested itself for the meeting; ``id`` is the device's (stream ``d:``). */
export interface Ready {
  kind: "ready";
  id: string;
  person_id: string;
  device: string;
  at: string;
  ready: boolean;
  checks: ReadyCheck[];
}

/** A device tested itself for the meeting, or is signed out (stream ``d:``). */
export interface ReadyChanged {
  name: "live.ready_changed";
  put: Ready[];
  gone: Ref[];
}

/** One thing that a tablet looked at: whether it is well, and what it has of what it needs.
 * ``have`` and ``need``: papers (number), space (bytes), clock (ms by which the tablet's is ahead, and how many may
 * be), sign_in and lease (minutes until it ends, and until the meeting does); else 0. */
export interface ReadyCheck {
  what: "clock" | "lasting" | "lease" | "lock" | "papers" | "pen" | "sign_in" | "space" | "version";
  ok: boolean;
  have: number;
  need: number;
}

/** What this tablet found when it tested itself for a meeting. */
export interface ReadyReport {
  checks: ReadyCheck[];
}

/** ``live.scroll``: the presenter's place on the way, volatile. */
export interface Scroll {
  item_id: string;
  version_id: string;
  page: number;
  fraction: number;
}

/** Volatile event ``live.scrolled`` in the room of ``i:<item>``. */
export interface Scrolled {
  item_id: string;
  version_id: string;
  page: number;
  fraction: number;
  n: number;
}

/** ``live.visible``: whether the app is on the tablet's screen; sent on change. */
export interface Visible {
  visible: boolean;
}

/** Items were added, edited, moved or removed (stream ``m:``). */
export interface AgendaChanged {
  name: "meetings.agenda_changed";
  put: (Item | Meeting)[];
  gone: Ref[];
}

/** The wanted order: ids of all items but the general one. */
export interface AgendaOrder {
  items: string[];
}

/** An agenda item as everybody may see it; of a restricted one only its place, minutes and "Phần họp kín".
 * ``general`` marks the item 0 that holds the papers of the meeting itself (giấy mời, chương trình họp). */
export interface Item {
  kind: "item";
  id: string;
  meeting_id: string;
  position: number;
  general: boolean;
  restricted: boolean;
  title: string;
  minutes: number;
  presenter_name: string;
  state: "current" | "done" | "pending";
}

/** What those invited to an item see of it changed (stream ``i:``). */
export interface ItemChanged {
  name: "meetings.item_changed";
  put: ItemDetail[];
  gone: Ref[];
}

/** A new agenda item at the end. ``invitees`` (person ids) are read where ``restricted``. */
export interface ItemCreate {
  title: string;
  minutes?: number;
  presenter_id?: string | null;
  questions?: string[];
  restricted?: boolean;
  invitees?: string[];
}

/** An agenda item as those invited to it see it. ``questions``: what opinions are asked on. */
export interface ItemDetail {
  kind: "item_detail";
  id: string;
  meeting_id: string;
  title: string;
  questions: string[];
  presenter: Person | null;
  invitees: string[];
}

/** Change what is given, leave the rest. */
export interface ItemEdit {
  title?: string;
  minutes?: number;
  presenter_id?: string | null;
  questions?: string[];
  restricted?: boolean;
  invitees?: string[];
}

/** The sitting. ``presenter`` presents now; ``current_item`` is under discussion. Moments are UTC, ISO 8601.
 * ``offline_hours``: how long a tablet opens its papers after it was last connected; 0 keeps none of them there.
 * ``watermark``: each recipient's copies of its papers carry their name. */
export interface Meeting {
  kind: "meeting";
  id: string;
  title: string;
  body_id: string;
  body_name: string;
  state: "cancelled" | "convened" | "draft" | "ended" | "live" | "postponed";
  starts_at: string;
  ends_at: string | null;
  place: string;
  chair: Person | null;
  secretary: Person | null;
  sites: Site[];
  current_item: string | null;
  item_since: string | null;
  presenter: Person | null;
  started_at: string | null;
  ended_at: string | null;
  note: string;
  participants: number;
  offline_hours: number;
  watermark: boolean;
}

/** Call the meeting off. */
export interface MeetingCancel {
  reason?: string;
}

/** The skeleton changed; ``what`` names the act: created, edited, convened and so on. */
export interface MeetingChanged {
  name: "meetings.changed";
  put: (Meeting | Item)[];
  gone: Ref[];
  what: string;
}

/** A new draft with the same agenda and participants, without papers and answers. */
export interface MeetingCopy {
  title: string;
  starts_at: string;
}

/** A new meeting, as a draft. ``starts_at`` and ``ends_at`` are ISO 8601 with an offset. */
export interface MeetingCreate {
  title: string;
  body_id: string;
  starts_at: string;
  ends_at?: string | null;
  place?: string;
  note?: string;
  chair_id?: string | null;
  secretary_id?: string | null;
  sites?: string[];
  offline_hours?: number;
  watermark?: boolean;
}

/** Change what is given, leave the rest. */
export interface MeetingEdit {
  title?: string;
  starts_at?: string;
  ends_at?: string | null;
  place?: string;
  note?: string;
  chair_id?: string | null;
  secretary_id?: string | null;
  sites?: string[];
  offline_hours?: number;
  watermark?: boolean;
}

/** Put the meeting off, to a new time or until further notice (None). */
export interface MeetingPostpone {
  starts_at?: string | null;
  reason?: string;
}

/** A meeting with the items that one may see, detailed where one is invited, and participants for the desk. */
export interface MeetingView {
  meeting: Meeting;
  items: Item[];
  details: ItemDetail[];
  participants: Participant[];
  may: string[];
}

/** Meetings that one may see. */
export interface Meetings {
  total: number;
  meetings: Meeting[];
}

/** Which meetings to list: ``upcoming`` (with live ones and drafts), ``past`` or ``all``. */
export interface MeetingsQuery {
  when?: "all" | "past" | "upcoming";
  limit?: number;
  offset?: number;
}

/** That a person takes part in a meeting, and how; ``id`` is the meeting's. The rest is in stream ``m:``. */
export interface MyMeeting {
  kind: "my_meeting";
  id: string;
  participant_id: string;
  role: "chair" | "invitee" | "member" | "secretary";
  scope: "attend" | "speak" | "vote";
  starts_at: string;
  invited_at: string | null;
  answer: "accepted" | "declined" | "none" | "substitute";
  answered_at: string | null;
  delivered_at: string | null;
  opened_at: string | null;
}

/** One's own part in a meeting changed (stream ``u:``). */
export interface MyMeetingsChanged {
  name: "meetings.mine_changed";
  put: MyMeeting[];
  gone: Ref[];
}

/** A participant with the state of the invitation; moments are None until it happened. */
export interface Participant {
  kind: "participant";
  id: string;
  person: Person;
  body_name: string;
  role: "chair" | "invitee" | "member" | "secretary";
  scope: "attend" | "speak" | "vote";
  voting_right: boolean;
  on_behalf_of: string | null;
  substitute_for: string | null;
  site_id: string | null;
  position: number;
  sent_at: string | null;
  mail: "failed" | "none" | "queued" | "sent";
  delivered_at: string | null;
  opened_at: string | null;
  answer: "accepted" | "declined" | "none" | "substitute";
  answered_at: string | null;
  reason: string;
  substitute: Person | null;
}

/** A participant as wanted. */
export interface ParticipantInput {
  person_id: string;
  role: "chair" | "invitee" | "member" | "secretary";
  scope: "attend" | "speak" | "vote";
  voting_right: boolean;
  on_behalf_of: string | null;
  site_id: string | null;
}

/** The list of participants, or one's state, changed (stream ``d:``). */
export interface ParticipantsChanged {
  name: "meetings.participants_changed";
  put: Participant[];
  gone: Ref[];
}

/** The wanted list of participants, in order; who stays keeps the state of the invitation. */
export interface ParticipantsSet {
  participants: ParticipantInput[];
}

/** A person as shown: id, full name, post. */
export interface Person {
  id: string;
  name: string;
  title: string;
}

/** A display in the hall; ``name`` says where it stands. */
export interface ScreenAdd {
  name: string;
}

/** Shown once: the one-time code by which the display signs in. */
export interface ScreenGiven {
  id: string;
  name: string;
  code: string;
  expires_at: string;
}

/** A display of a meeting, and whether it has signed in. */
export interface ScreenView {
  id: string;
  name: string;
  signed_in: boolean;
}

/** The displays of a meeting. */
export interface Screens {
  screens: ScreenView[];
}

/** A place from which people take part (điểm cầu). */
export interface Site {
  id: string;
  name: string;
}

/** Who may sign for whom, in a body, from and until when; ``ended_at``: taken back before its time. */
export interface Delegation {
  id: string;
  body_id: string;
  from_id: string;
  from_name: string;
  to_id: string;
  to_name: string;
  capacity: "" | "KT." | "Q." | "TL." | "TM." | "TUQ.";
  acting_for: string;
  valid_from: string;
  valid_until: string;
  kinds: ("decision" | "invitation" | "letter" | "minutes" | "notice" | "other" | "resolution")[];
  ended_at: string | null;
}

/** Who may sign for whom was entered or ended (audit only). */
export interface DelegationChanged {
  name: "signatures.delegation_changed";
  put: unknown[];
  gone: Ref[];
  delegation_id: string;
  from_id: string;
  to_id: string;
  capacity: "" | "KT." | "Q." | "TL." | "TM." | "TUQ.";
  ended: boolean;
}

/** Enter that ``to_id`` signs for ``from_id`` (a person; empty: for the body itself, TM.) within two moments.
 * ``kinds`` empty: every kind of paper. ``acting_for``: post or body as printed above the signature. */
export interface DelegationGive {
  from_id?: string;
  to_id: string;
  capacity: "" | "KT." | "Q." | "TL." | "TM." | "TUQ.";
  acting_for: string;
  valid_from: string;
  valid_until: string;
  kinds?: ("decision" | "invitation" | "letter" | "minutes" | "notice" | "other" | "resolution")[];
}

/** Of a body, the newest first. */
export interface Delegations {
  delegations: Delegation[];
}

/** Initial, approve or pass a format check: ``sha256`` of the bytes seen; a password where a key signs too. */
export interface Act {
  sha256: string;
  password?: string;
}

/** A request of a batch, and the hash of the bytes that were seen. */
export interface BatchItem {
  id: string;
  sha256: string;
}

/** What became of one request of a batch: the request as it is now, or the refusal's code and sentence. */
export interface BatchResult {
  id: string;
  request: SigningRequest | null;
  code: string;
  text: string;
}

/** The whole way of one paper to being issued.
 * Streams: ``d:`` of the meeting (of a closed item ``u:`` of those who prepare it), ``u:`` of each person who has a
 * step, and ``u:`` of the body's registry clerks once it is signed. ``version_id`` and ``sha256`` move with our own
 * signatures on it; ``approved_sha256`` is frozen at approval. ``paper_kind`` is named so because ``kind`` tags the
 * entity. */
export interface Dossier {
  kind: "dossier";
  id: string;
  meeting_id: string;
  meeting_title: string;
  item_id: string;
  paper_id: string;
  paper_title: string;
  version_id: string;
  sha256: string;
  pages: number;
  body_id: string;
  body_name: string;
  paper_kind: "decision" | "invitation" | "letter" | "minutes" | "notice" | "other" | "resolution";
  state: "approving" | "checking" | "delivered" | "draft" | "initialling" | "issued" | "numbered" | "recalled" | "rejected" | "replaced" | "returned" | "sealed" | "signed" | "signing";
  approved_sha256: string;
  number: number | null;
  symbol: string;
  dated: string | null;
  steps: Step[];
  findings: Finding[];
  remarks: string;
  opened_by: string;
  opened_at: string;
  closed_at: string | null;
}

/** A dossier was opened, or an act of it was done, refused or taken back; with the requests that this changed. */
export interface DossierChanged {
  name: "signatures.dossier_changed";
  put: (Dossier | SigningRequest)[];
  gone: Ref[];
}

/** Open a dossier on the current version of a paper; ``sign`` is the one act that must be among its steps. */
export interface DossierOpen {
  paper_kind: "decision" | "invitation" | "letter" | "minutes" | "notice" | "other" | "resolution";
  steps: StepAsk[];
}

/** Why a paper is given back by the registry, or recalled. */
export interface DossierRemarks {
  remarks: string;
}

/** Dossiers, the newest first. */
export interface Dossiers {
  dossiers: Dossier[];
}

/** What the check of the format found: an error code with its values, and the Vietnamese sentence. */
export interface Finding {
  code: string;
  text: string;
  args: Record<string, string | number>;
}

/** Sign: ``sha256`` of the bytes that were seen, and the password that opens the key. */
export interface Sign {
  sha256: string;
  password: string;
}

/** Sign several papers with one unlocking; each was seen. */
export interface SignBatch {
  requests: BatchItem[];
  password: string;
}

/** One result for each request, in the order asked. */
export interface SignedBatch {
  results: BatchResult[];
}

/** Ask an official to sign the current version of a paper. */
export interface SigningAsk {
  official_id: string;
}

/** A request was made, signed, returned or withdrawn. */
export interface SigningChanged {
  name: "signatures.changed";
  put: SigningRequest[];
  gone: Ref[];
}

/** One's requests: waiting ones first, then the newest. ``key``: one's own, where one is enrolled. */
export interface SigningInbox {
  requests: SigningRequest[];
  key: SigningKey | null;
}

/** What one person is asked to do with a paper (streams ``u:`` of the person and ``d:`` of the meeting).
 * ``state`` "signed" means that this person's ``act`` is done, whichever it is.
 * ``sha256`` is the hash of exactly the bytes that are shown and signed. A paper of a restricted item is told to its
 * official alone: the desk's stream reaches people who may not know of it. */
export interface SigningRequest {
  kind: "signing";
  id: string;
  meeting_id: string;
  meeting_title: string;
  paper_id: string;
  paper_title: string;
  version_id: string;
  sha256: string;
  pages: number;
  official_id: string;
  official_name: string;
  requested_by: string;
  requested_at: string;
  state: "returned" | "signed" | "waiting" | "withdrawn";
  remarks: string;
  signed_version_id: string | null;
  decided_at: string | null;
  act: "approve" | "check" | "initial" | "issue" | "number" | "seal" | "sign";
  dossier_id: string;
  capacity: "" | "KT." | "Q." | "TL." | "TM." | "TUQ.";
  acting_for: string;
}

/** Give the paper back with remarks. */
export interface SigningReturn {
  remarks: string;
}

/** One act of a dossier. Steps of equal ``rank`` run in parallel; the next rank waits for all of this one.
 * ``person_id`` empty: any registry clerk of the body (number, seal, issue), or nobody but the machine (check).
 * ``acting_for`` is the post or body represented, as printed ("CHỦ TỊCH" under KT.). ``version_id``, ``sha256``: the
 * bytes that were acted on. */
export interface Step {
  id: string;
  act: "approve" | "check" | "initial" | "issue" | "number" | "seal" | "sign";
  rank: number;
  person_id: string;
  person_name: string;
  post: string;
  capacity: "" | "KT." | "Q." | "TL." | "TM." | "TUQ.";
  acting_for: string;
  state: "done" | "pending" | "rejected" | "returned" | "waiting" | "withdrawn";
  remarks: string;
  done_at: string | null;
  version_id: string | null;
  sha256: string;
}

/** One step of a dossier as it is asked for; the post is the person's in the directory where none is given. */
export interface StepAsk {
  act: "approve" | "check" | "initial" | "issue" | "number" | "seal" | "sign";
  rank: number;
  person_id: string;
  post: string;
  capacity: "" | "KT." | "Q." | "TL." | "TM." | "TUQ.";
  acting_for: string;
}

/** Name the key (PKCS#12) with which a body certifies tablets; demo and trials. */
export interface AuthorityNameFile {
  p12: string;
  password: string;
}

/** Name the key in a token or service with which a body certifies tablets; the configuration has its PIN. */
export interface AuthorityNameStored {
  store: string;
  name: string;
}

/** A key that a body has enrolled: what its certificate says, where it lies, whether it can be reached now.
 * ``place`` and ``name``: token or service of the configuration, and the key's name there; both empty of a file.
 * ``why``: a sentence, where it is not ``reachable``. Reaching asks for no PIN: that it opens is known when it signs.
 * ``width_mm``: of the seal's picture, None where there is none. */
export interface BodyKey {
  holder: string;
  issuer: string;
  serial: string;
  valid_from: string;
  valid_until: string;
  kept: "file" | "service" | "token";
  place: string;
  name: string;
  enrolled_at: string;
  reachable: boolean;
  why: string;
  width_mm: number | null;
}

/** What a body signs with: its seal, and the key with which it certifies tablets; ``level`` of what is signed.
 * ``time_stamps``: the host that stamps the time, empty where none is asked. */
export interface BodyKeys {
  body_id: string;
  body_name: string;
  seal: BodyKey | null;
  authority: BodyKey | null;
  level: string;
  time_stamps: string;
}

/** A body that certifies tablets. */
export interface KeyAuthority {
  body_id: string;
  body_name: string;
}

/** Enrol a PKCS#12 key for a person: the file and its password, and a PNG of the handwritten signature (base64). */
export interface KeyEnrol {
  p12: string;
  password: string;
  image?: string | null;
}

/** A key was enrolled for a person or a body (audit only), or got another picture.
 * ``fingerprint``, ``image``: SHA-256 of the certificate and of the picture, hexadecimal. */
export interface KeyEnrolled {
  name: "signatures.key_enrolled";
  put: unknown[];
  gone: Ref[];
  person_id: string;
  fingerprint: string;
  image: string;
}

/** A token or service of the configuration: its name there, the token's label or the service's host.
 * ``opens``: the configuration names its PIN too, so that the house opens its keys by itself. */
export interface KeyStore {
  name: string;
  kept: "service" | "token";
  where: string;
  opens: boolean;
}

/** Where keys lie that can be enrolled. */
export interface KeyStores {
  stores: KeyStore[];
}

/** One's own tablets' keys, the newest first, who can be asked to certify one, what is asked before one signs.
 * ``step_up``: of this person, at this address. */
export interface MyTabletKeys {
  keys: TabletKey[];
  authorities: KeyAuthority[];
  step_up: "off" | "passkey" | "password";
}

/** Who has a key to sign with, by name. */
export interface PeopleKeys {
  keys: PersonKey[];
}

/** A person's enrolled key. ``title``: the main post with its body. ``image``: there is a handwritten signature. */
export interface PersonKey {
  person_id: string;
  person_name: string;
  title: string;
  body_id: string;
  holder: string;
  issuer: string;
  valid_from: string;
  valid_until: string;
  kept: "file" | "service" | "token";
  place: string;
  name: string;
  enrolled_at: string;
  image: boolean;
}

/** Look at a picture of a seal or a handwritten signature (PNG or JPEG, base64) before it is kept.
 * ``width_mm``: the seal's real width. ``person_id``: under whose name a seal is shown. */
export interface PictureLook {
  picture: "seal" | "signature";
  image: string;
  width_mm?: number;
  person_id?: string;
}

/** The picture as it would be kept (PNG, cut at its ink, paper made clear), and how it is printed.
 * ``printed``: PNG of ``printed_mm`` (width, height) on paper. ``pixels``: width and height of ``image``. */
export interface PictureLooked {
  image: string;
  pixels: [number, number];
  printed: string;
  printed_mm: [number, number];
}

/** Enrol a PKCS#12 key as a body's seal, and the seal's picture (PNG, base64) with its real width. */
export interface SealEnrol {
  p12: string;
  password: string;
  image?: string | null;
  width_mm?: number;
}

/** Another picture for the seal of a body, with its real width; the key stays. */
export interface SealPicture {
  image: string;
  width_mm?: number;
}

/** Another picture of a person's handwritten signature; the key stays. */
export interface SignaturePicture {
  image: string;
}

/** A person's key as its certificate describes it; moments are UTC. ``image``: there is a handwritten signature. */
export interface SigningKey {
  person_id: string;
  holder: string;
  issuer: string;
  serial: string;
  valid_from: string;
  valid_until: string;
  image: boolean;
}

/** A key in a token or service, as its certificate says. ``usable``: it is for signing, and in date. */
export interface StoredKey {
  name: string;
  holder: string;
  issuer: string;
  serial: string;
  valid_from: string;
  valid_until: string;
  usable: boolean;
}

/** Enrol a key that lies in a token or service of the configuration, by its name there; the PIN only tries it. */
export interface StoredKeyEnrol {
  store: string;
  name: string;
  pin?: string;
  image?: string | null;
}

/** The keys in a token or service. */
export interface StoredKeys {
  keys: StoredKey[];
}

/** Enrol a seal whose key lies in a token or service of the configuration. */
export interface StoredSealEnrol {
  store: string;
  name: string;
  pin?: string;
  image?: string | null;
  width_mm?: number;
}

/** A passkey confirmed who signed with a tablet's key (audit only): all that it takes to verify that again.
 * The passkey signed ``authenticator_data`` and SHA-256 of ``client_data``, whose challenge is
 * ``rules.keys.confirmation`` of ``nonce``, the paper (``sha256``) and the signed attributes (``to_sign``);
 * ``credential`` is the attested credential data with its public key (COSE). */
export interface TabletConfirmed {
  name: "signatures.tablet_confirmed";
  put: unknown[];
  gone: Ref[];
  request_id: string;
  person_id: string;
  sha256: string;
  to_sign: string;
  nonce: string;
  rp_id: string;
  credential: string;
  authenticator_data: string;
  client_data: string;
  signature: string;
}

/** Finish: the raw signature as WebCrypto gives it (r and s side by side, base64).
 * ``used``: the passkey's answer to ``TabletPrepared.ask``, where there was one. */
export interface TabletFinish {
  token: string;
  signature: string;
  used?: PasskeyUsed | null;
}

/** A key that was made on a tablet and cannot leave it (stream ``u:`` of its person).
 * It signs once a registry clerk of ``body_id`` has approved it. ``fingerprint``: SHA-256 of the public key,
 * hexadecimal; its beginning is compared on both screens. */
export interface TabletKey {
  kind: "tablet_key";
  id: string;
  person_id: string;
  person_name: string;
  device_id: string;
  device_name: string;
  body_id: string;
  body_name: string;
  fingerprint: string;
  state: "refused" | "replaced" | "revoked" | "valid" | "waiting";
  asked_at: string;
  decided_at: string | null;
  remarks: string;
  valid_from: string | null;
  valid_until: string | null;
}

/** Ask a body to certify this tablet's key: a certificate request (PKCS#10, DER) that the key itself signed. */
export interface TabletKeyAsk {
  body_id: string;
  request: string;
}

/** A tablet asked for a certificate, or its key was approved, refused, revoked or replaced. */
export interface TabletKeyChanged {
  name: "signatures.tablet_key_changed";
  put: TabletKey[];
  gone: Ref[];
}

/** Why a tablet gets no certificate. */
export interface TabletKeyRefuse {
  remarks?: string;
}

/** Tablets' keys of the bodies one is registry clerk of: those that wait first, then the newest. */
export interface TabletKeys {
  keys: TabletKey[];
}

/** Begin to sign with the tablet's key: ``sha256`` of the bytes that were seen.
 * ``password``: of the account, where ``MyTabletKeys.step_up`` says so. */
export interface TabletPrepare {
  sha256: string;
  key_id: string;
  password?: string;
}

/** What the tablet signs (DER signed attributes, base64) and the token to finish with; good until ``expires_at``.
 * ``ask``: what the person's passkey is to sign first, where one is asked for; it names these very bytes. */
export interface TabletPrepared {
  token: string;
  to_sign: string;
  expires_at: string;
  ask: PasskeyAsk | null;
}

/** A field of a paper: page from 0, box x1, y1, x2, y2 in points, the page's own coordinates.
 * Names are those of printed papers: ChuKy, KyNhay1 and on, So, NgayThang, ConDau. */
export interface FieldPlace {
  name: string;
  page: number;
  box: [number, number, number, number];
}

/** Place fields on a draft's paper: ``sha256`` of the bytes that were seen. */
export interface FieldsPlace {
  sha256: string;
  fields: FieldPlace[];
}

/** The fields of a dossier's paper that wait to be filled, and the official names that its steps still miss. */
export interface FieldsThere {
  fields: FieldPlace[];
  missing: string[];
}

/** A paper of the same item that can be, or was, signed as an annex (``sealed``). */
export interface Annex {
  paper_id: string;
  title: string;
  version_id: string;
  sha256: string;
  pages: number;
  size: number;
  sealed: boolean;
}

/** Seal a paper of the same item as an annex of an issued one; its bytes as seen, and what opens the seal's key. */
export interface AnnexSeal {
  sha256: string;
  password: string;
}

/** The annexes of a numbered paper that lie in files of their own, in the order of the item. */
export interface Annexes {
  annexes: Annex[];
}

/** Take the next number for a document on paper; ``notation`` as printed on it (empty: the body's own). */
export interface BookEnter {
  paper_kind: "decision" | "invitation" | "letter" | "minutes" | "notice" | "other" | "resolution";
  title: string;
  signer: string;
  recipients?: string;
  notation?: string;
}

/** A line of the book of issued papers (sổ văn bản đi).
 * ``state``: of a dossier "reserved" until the number is on the paper, then the dossier's; "paper" for a document on
 * paper, "opening" for all up to this number; "struck": the number was given and its paper never issued. ``title`` is
 * empty of what was decided in a closed sitting, for who may not know of it. */
export interface BookEntry {
  id: string;
  number: number;
  symbol: string;
  dated: string;
  paper_kind: "decision" | "invitation" | "letter" | "minutes" | "notice" | "other" | "resolution";
  code: string;
  title: string;
  signer: string;
  recipients: string;
  state: "delivered" | "issued" | "numbered" | "opening" | "paper" | "recalled" | "reserved" | "sealed" | "struck";
  reason: string;
  dossier_id: string | null;
  version_id: string | null;
}

/** What of the book is wanted: a year (this one by default), a kind, words of title, symbol, signer, recipients. */
export interface BookQuery {
  year?: number | null;
  paper_kind?: "decision" | "invitation" | "letter" | "minutes" | "notice" | "other" | "resolution" | null;
  words?: string;
}

/** A copy of an issued paper was sealed (audit only). */
export interface CopyMade {
  name: "signatures.copy_made";
  put: unknown[];
  gone: Ref[];
  dossier_id: string;
  copy_kind: "SAO LỤC" | "SAO Y" | "TRÍCH SAO";
  sha256: string;
}

/** Make a sealed copy of an issued paper; ``pages`` from 1, for TRÍCH SAO alone. */
export interface CopyMake {
  copy_kind: "SAO LỤC" | "SAO Y" | "TRÍCH SAO";
  pages?: number[];
  password: string;
}

/** Issue a sealed paper: ``sha256`` of the bytes seen; ``recipients`` as the book names them (nơi nhận). */
export interface DossierIssue {
  sha256: string;
  recipients?: string;
}

/** A year of a body's book, in the order of kind, letters and number; ``years`` that the book has. */
export interface NumberBook {
  body_id: string;
  body_name: string;
  year: number;
  years: number[];
  entries: BookEntry[];
  codes: NumberCode[];
}

/** Letters with a series of their own. */
export interface NumberCode {
  code: string;
  name: string;
  citation: string;
}

/** Letters got a series of their own (audit only). */
export interface NumberCodePut {
  name: "signatures.number_code_put";
  put: unknown[];
  gone: Ref[];
  body_id: string;
  code: string;
}

/** Give letters (of a council, a board) a series of their own; ``citation``: by what rule. */
export interface NumberCodeSet {
  name: string;
  citation: string;
}

/** The series of a body in this year that have given numbers, by kind and letters; ``codes`` have their own. */
export interface NumberSeries {
  body_id: string;
  year: number;
  series: SeriesHead[];
  codes: NumberCode[];
}

/** A number of a series was given, or a series was let go on after what was numbered on paper (audit only). */
export interface NumberTaken {
  name: "signatures.number_taken";
  put: unknown[];
  gone: Ref[];
  body_id: string;
  paper_kind: "decision" | "invitation" | "letter" | "minutes" | "notice" | "other" | "resolution";
  year: number;
  symbol: string;
  dossier_id: string | null;
}

/** Copies of an issued paper, the newest first. */
export interface PaperCopies {
  copies: PaperCopy[];
}

/** A sealed copy of an issued paper; its bytes are asked for by its id. */
export interface PaperCopy {
  id: string;
  dossier_id: string;
  copy_kind: "SAO LỤC" | "SAO Y" | "TRÍCH SAO";
  pages: number[];
  filename: string;
  sha256: string;
  size: number;
  made_by_name: string;
  made_at: string;
}

/** How far a series of numbers has come: its last number and that one's date.
 * ``opened``: up to which number the book on paper had given them; None where the series began here. */
export interface SeriesHead {
  paper_kind: "decision" | "invitation" | "letter" | "minutes" | "notice" | "other" | "resolution";
  code: string;
  last: number;
  dated: string;
  opened: number | null;
}

/** Let a series of this year go on after ``last``, which was given in the book on paper. */
export interface SeriesOpen {
  paper_kind: "decision" | "invitation" | "letter" | "minutes" | "notice" | "other" | "resolution";
  code?: string;
  last: number;
}

/** A page as somebody signed it and as it is now, both WebP; None where that version has no such page.
 * ``changed``: left, top, right, bottom of what differs, as parts of the page; None where nothing does. */
export interface PagePair {
  page: number;
  before: string | null;
  after: string | null;
  changed: [number, number, number, number] | null;
}

/** Which page (from 1), as it was in the first ``length`` bytes of the file: a signature's ``signed_bytes``. */
export interface PageThenQuery {
  length: number;
  page: number;
}

/** One thing that the register says of a file, and what the file says; ``found`` empty: it says nothing. */
export interface RegisterLine {
  what: "date" | "fields" | "file" | "number" | "seal" | "signer";
  expected: string;
  found: string;
  agrees: boolean;
}

/** The name of the file that is sent, as the printed report is to call it. */
export interface ReportQuery {
  name?: string;
}

/** What a check of a paper found, with the document verdict.
 * ``register``: line by line beside what the register says; empty where it knows nothing of the version. ``symbol``:
 * number and notation that the register gave it. */
export interface Verification {
  report: Report;
  register: RegisterLine[];
  symbol: string;
}

/** What one later version of the file changed.
 * Attributes:
 *     revision: which version, the original being 1.
 *     kind: "signature", "validation_data", "fields_filled", "field_added" or "forbidden".
 *     fields: form fields concerned.
 *     filled: those of them that hold another text since. */
export interface Change {
  revision: number;
  kind: "field_added" | "fields_filled" | "forbidden" | "signature" | "validation_data";
  fields: string[];
  filled: Filled[];
}

/** A text field that a later version filled: what it held before and what since, "" for nothing. */
export interface Filled {
  field: string;
  before: string;
  after: string;
}

/** A file and its signatures, in the order in which they were made.
 * Attributes:
 *     verdict: "valid": all intact, all signers lead to the given roots and are proven not to be withdrawn, nothing
 *         forbidden after them. "invalid": something is broken, forged, forbidden or withdrawn. "indeterminate":
 *         intact, but trust is not established.
 *         "unsigned": a readable file that nobody signed.
 *     integrity: the worst of the signatures and of the file; "none" if there is no signature.
 *     reasons: codes from FILE_REASONS.
 *     sha256: hex digest of the file; size: its bytes; revisions: its versions, 0 if unreadable.
 *     pages_compared: pairs of pages that were drawn to see what changed after a signature.
 *     checked_at: the moment that it was judged at, UTC; None if it was not judged. */
export interface Report {
  verdict: "indeterminate" | "invalid" | "unsigned" | "valid";
  integrity: "broken" | "intact" | "modified" | "none";
  reasons: string[];
  signatures: SignatureReport[];
  sha256: string;
  size: number;
  revisions: number;
  pages_compared: number;
  checked_at: string | null;
}

/** One signature (or document timestamp) of a file.
 * Attributes:
 *     field: name of its form field.
 *     kind: "signature" or "timestamp".
 *     signer, title, organisation, issuer: names from the certificate, "" if it has none.
 *     serial: certificate serial number, hexadecimal.
 *     claimed_time: what the signer says (UTC), or the time of the timestamp; None if nothing is said.
 *     algorithm: e.g. "ecdsa-secp256r1-sha256".
 *     revision: the version of the file it signed, the original being 1.
 *     covers_whole_file: no byte of the file but the signature itself lies outside.
 *     integrity: "intact", "modified" (signed bytes are whole, what came after is not allowed) or "broken".
 *     trusted: its certificate leads to a given root and may sign at the time of the check.
 *     valid_from, valid_until: of the certificate, UTC.
 *     valid_when_claimed: the certificate was valid at `claimed_time`; None if there is no time.
 *     revocation: "good" only if it is proven for every certificate on the way to the root.
 *     revocation_source, revocation_at: the newest answer about the signer, "ocsp" or "crl" or "", and of when (UTC).
 *     level: PAdES level by what the file holds; "" for other kinds of signature.
 *     stamped_time: when it is proven to have existed (UTC), by a time stamp that is believed; None if by none.
 *     stamped_by: the authority of its own time stamp, believed or not.
 *     signed_bytes: the file as it was signed is its first so many bytes; 0 if that cannot be said.
 *     changes: what later versions did.
 *     changed_pages: pages (from 1) that show something else than what was signed.
 *     reasons: codes from SIGNATURE_REASONS. */
export interface SignatureReport {
  field: string;
  kind: "signature" | "timestamp";
  signer: string;
  title: string;
  organisation: string;
  issuer: string;
  serial: string;
  claimed_time: string | null;
  algorithm: string;
  revision: number;
  covers_whole_file: boolean;
  integrity: "broken" | "intact" | "modified" | "none";
  trusted: boolean;
  valid_from: string | null;
  valid_until: string | null;
  valid_when_claimed: boolean | null;
  revocation: "good" | "revoked" | "unknown";
  revocation_source: "" | "crl" | "ocsp";
  revocation_at: string | null;
  level: "" | "B-B" | "B-LT" | "B-LTA" | "B-T";
  stamped_time: string | null;
  stamped_by: string;
  signed_bytes: number;
  changes: Change[];
  changed_pages: number[];
  reasons: string[];
}

export type AnyEntity = Annotation | NoteGroup | Incoming | Paper | Opened | Reading | Recall | DraftMark | Presenting | Ready | Item | ItemDetail | Meeting | MyMeeting | Participant | Dossier | SigningRequest | TabletKey;

export type AnyEvent = AccessChanged | SignedIn | SignedOut | AnnotationsCarried | AnnotationsPushed | NoteGrouped | DirectoryChanged | IncomingChanged | CopyIssued | MarkOverridden | OriginalTaken | PaperRecalled | PapersChanged | DeviceHoldingChanged | OpenedChanged | ReadingChanged | RecallChanged | DraftsMarked | Exchanged | Presented | ReadyChanged | AgendaChanged | ItemChanged | MeetingChanged | MyMeetingsChanged | ParticipantsChanged | DelegationChanged | DossierChanged | SigningChanged | KeyEnrolled | TabletConfirmed | TabletKeyChanged | CopyMade | NumberCodePut | NumberTaken;

/** Socket commands: what is sent and what a successful acknowledgement holds. */
export interface Commands {
  "annotations.push": [AnnotationsPush, PushResult];
  "live.draw": [Draw, Done];
  "live.follow": [Follow, Done];
  "live.point": [Point, Done];
  "live.present": [Present, Done];
  "live.scroll": [Scroll, Done];
  "live.visible": [Visible, Done];
  "stream.join": [StreamJoin, Page];
  "stream.leave": [StreamLeave, Done];
}

export const PROTOCOL = 2;
