/** The foot of a page tells that it was read: once it is in the window and the page is drawn, for blank paper is not read. */
import type { Attachment } from "svelte/attachments";

const LOOK_MS = 200;

/** For an element at the lower edge of a page. */
export function foot(onseen: () => void): Attachment {
  return (element) => {
    let timer: ReturnType<typeof setInterval> | undefined;
    const look = (): void => {
      if (!element.closest("[data-page]")?.querySelector(".bitmap .whole")) return;
      clearInterval(timer);
      onseen();
    };
    const watch = new IntersectionObserver((entries) => {
      clearInterval(timer);
      if (entries.at(-1)?.isIntersecting) timer = setInterval(look, LOOK_MS);
    });
    watch.observe(element);
    return () => {
      clearInterval(timer);
      watch.disconnect();
    };
  };
}
