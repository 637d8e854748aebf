/** What a tool does between the touch and the lift of the pointer. Plain TS, without a view framework. */
import { EraserContact } from "./contact-eraser.ts";
import { LassoContact } from "./contact-lasso.ts";
import { HighlighterContact, NoteContact, PenContact, ShapeContact, TextContact } from "./contact-write.ts";
import type { Contact, Deeds, Ground, Setting } from "./ground.ts";

/** The pointer touches the page with this tool. */
export function contact(setting: Setting, ground: Ground, deeds: Deeds): Contact {
  switch (setting.tool) {
    case "pen":
      return new PenContact(setting, ground, deeds);
    case "highlighter":
      return new HighlighterContact(setting, ground, deeds);
    case "shape":
      return new ShapeContact(setting, ground, deeds);
    case "text":
      return new TextContact(ground, deeds);
    case "note":
      return new NoteContact(ground, deeds);
    case "eraser":
      return new EraserContact(setting, ground, deeds);
    case "lasso":
      return new LassoContact(ground, deeds);
  }
}
