// Guards an open screen: covers it when the session is over or unknown, and keeps notes that are being written. In a
// table it opens the link in the cell that the keyboard stands on, where Streamlit answers to the mouse alone. A double
// click on a button that saves something is one click.
"use strict";
(() => {
  const ASK_EVERY = 60_000, LOOK_EVERY = 5_000, SLEPT = 20_000, PAUSE_WHILE_WRITING = 700, MINUTES_TO_COME_BACK = 10;
  const NOTE = "st-key-note-", SAVES = '[data-testid^="stBaseButton-primary"], [data-testid$="FormSubmit"]',
    TO_CHILD = /^\/child\?child=\d+(&as_at=[\d-]+)?(&as_then=true)?$/;
  let endsAt = Infinity, lastAsked = 0, lastLooked = Date.now(), cover = null;
  const waiting = new Map();

  function hide() {
    if (cover) return;
    cover = document.createElement("div");
    cover.setAttribute("role", "status");
    cover.style.cssText = "position:fixed;inset:0;z-index:2147483647;background:Canvas;color:CanvasText;" +
      "display:grid;place-items:center;font:1.1rem sans-serif";
    cover.textContent = "This screen is covered until it is certain that you are still signed in.";
    document.body.append(cover);
  }

  function show() {
    if (cover) cover.remove();
    cover = null;
  }

  async function ask() {
    lastAsked = Date.now();
    try {
      const answer = await fetch("/session", {cache: "no-store", redirect: "error"});
      if (answer.status === 401) {
        hide();
        location.replace(`/login?ended=${encodeURIComponent((await answer.json()).why)}`);
      } else if (answer.ok) {
        endsAt = Date.now() + 1000 * (await answer.json()).ends_in;
        show();
      }
    } catch {
      // The server is away: the screen stays as it is until the session's own time is over.
    }
  }

  function look() {
    const now = Date.now(), slept = now - lastLooked > SLEPT;
    lastLooked = now;
    if (slept || now >= endsAt) hide();
    if (cover || now - lastAsked >= ASK_EVERY) ask();
  }

  function noteOf(element) {
    const holder = element instanceof HTMLTextAreaElement && element.closest(`[class*="${NOTE}"]`);
    return holder ? [...holder.classList].find((name) => name.startsWith(NOTE)).slice("st-key-".length) : null;
  }

  function keep(field) {
    const note = waiting.get(field);
    if (!note) return;
    waiting.delete(field);
    clearTimeout(note.timer);
    const body = JSON.stringify({field, text: note.element.value});
    fetch("/draft", {method: "POST", headers: {"Content-Type": "application/json"}, body, keepalive: true})
      .catch(() => {});
  }

  function keepAll() {
    for (const field of [...waiting.keys()]) keep(field);
  }

  function leave() {
    keepAll();
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `vs-back=${encodeURIComponent(location.pathname + location.search)}; Path=/login; ` +
      `Max-Age=${60 * MINUTES_TO_COME_BACK}; SameSite=Lax${secure}`;
  }

  document.addEventListener("input", ({target}) => {
    const field = noteOf(target);
    if (!field) return;
    clearTimeout(waiting.get(field)?.timer);
    waiting.set(field, {element: target, timer: setTimeout(() => keep(field), PAUSE_WHILE_WRITING)});
  }, true);
  document.addEventListener("focusout", ({target}) => keep(noteOf(target)), true);
  document.addEventListener("visibilitychange", () => document.hidden ? keepAll() : look());
  document.addEventListener("keydown", ({key, target}) => {
    const cell = key === "Enter" && target instanceof Element && target.closest('td[role="gridcell"]');
    if (cell && TO_CHILD.test(cell.textContent)) open(cell.textContent, "_blank", "noopener,noreferrer");
  }, true);
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target instanceof Element && event.target.closest(SAVES)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
  addEventListener("pagehide", leave);
  addEventListener("online", ask);
  addEventListener("pageshow", ({persisted}) => {
    if (persisted) hide();
    ask();
  });
  setInterval(look, LOOK_EVERY);
})();
