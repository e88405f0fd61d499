// What the desk gains where scripts run: keys, fields and places that find each other, zoom and turn, the undo clock,
// a lease kept while somebody works. Everything works without this file, and no decision is made in it.
const desk = document.getElementById("ban-lam-viec");
const keysOn = desk?.dataset.keys === "on";
document.body.classList.add("desk-scripts");
const all = (what, within = document) => [...within.querySelectorAll(what)];
const typing = (node) => node.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit])");

// -- fields and places

const pane = document.querySelector(".desk-pages");

function showPlace(id) {
  const frame = id && document.getElementById(id);
  if (!frame || !pane) return;
  all(".desk-frame--now").forEach((one) => one.classList.remove("desk-frame--now"));
  frame.classList.add("desk-frame--now");
  const there = frame.getBoundingClientRect(), here = pane.getBoundingClientRect();
  pane.scrollBy({ top: there.top - here.top - here.height / 3, left: there.left - here.left - here.width / 3 });
  if (here.bottom < 0 || here.top > innerHeight) pane.scrollIntoView({ block: "start" });
}

const placeOf = (item) => item.dataset.place || item.querySelector("[data-place]")?.dataset.place;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-place]");
  if (link) {
    event.preventDefault();
    showPlace(link.dataset.place);
    return;
  }
  const frame = event.target.closest("rect[data-field]");
  if (frame) {
    const field = all("[data-item]").find((item) => placeOf(item) === frame.id);
    showPlace(frame.id);
    field?.focus();
  }
});
document.addEventListener("focusin", (event) => {
  const item = event.target.closest("[data-item]");
  if (item && event.target === item) showPlace(placeOf(item));
});

// -- zoom and turn

let zoom = 1;
const tools = {
  closer: () => { zoom = Math.min(4, zoom * 1.25); },
  farther: () => { zoom = Math.max(0.5, zoom / 1.25); },
  whole: () => { zoom = 1; },
  turn: () => {
    const middle = pane.getBoundingClientRect().top + pane.clientHeight / 2;
    const page = all(".desk-page", pane).find((one) => one.getBoundingClientRect().bottom > middle) ?? pane.firstElementChild;
    const turned = (Number(page.dataset.turned || 0) + 90) % 360;
    page.classList.remove("desk-turn-90", "desk-turn-180", "desk-turn-270");
    if (turned) page.classList.add(`desk-turn-${turned}`);
    page.dataset.turned = turned;
    const leaf = page.querySelector(".desk-leaf");
    leaf.style.setProperty("--fit", Math.min(1, leaf.clientWidth / leaf.clientHeight));
  },
};
all("[data-tool]").forEach((button) => button.addEventListener("click", () => {
  tools[button.dataset.tool]();
  pane.style.setProperty("--zoom", zoom);
}));

// -- keys

function step(what, by) {
  const items = all(what).filter((item) => item.offsetParent !== null);
  if (!items.length) return;
  const at = items.indexOf(document.activeElement.closest?.(what));
  const next = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : (at + by + items.length) % items.length];
  const link = next.matches("tr:not([tabindex])") ? next.querySelector("a") ?? next : next;
  link.focus();
  next.scrollIntoView({ block: "nearest" });
}

const moves = {
  j: () => step("[data-item]", 1),
  k: () => step("[data-item]", -1),
  f: () => step("[data-doubt]", 1),
  F: () => step("[data-doubt]", -1),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (!keysOn || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
  const near = event.target.closest?.("[data-item]")?.querySelector(`[data-row-key="${CSS.escape(event.key)}"]`);
  if (near?.matches("option")) {
    event.preventDefault();
    near.selected = true;
    return;
  }
  const meant = near ?? all("[data-key]").find((one) => one.dataset.key === event.key && one.offsetParent !== null);
  if (meant) {
    event.preventDefault();
    const inside = meant.closest("details");
    if (inside && meant.tagName !== "SUMMARY") inside.open = true;
    if (typing(meant)) meant.focus();
    else { meant.focus(); meant.click(); }
  } else if (moves[event.key] && !event.repeat) {
    event.preventDefault();
    moves[event.key]();
  }
});

// -- sending once, the undo clock, the lease

all("form[data-once]").forEach((form) => form.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
}));
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // gone back to: the case as it is now, not as it was
});

all("[data-seconds]").forEach((clock) => {
  const ends = performance.now() + 1000 * Number(clock.dataset.seconds);
  const tick = () => {
    const left = Math.max(0, Math.round((ends - performance.now()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left) setTimeout(tick, 1000);
    else clock.closest("[data-ends]")?.setAttribute("hidden", "");
  };
  tick();
});

const lease = document.getElementById("giu-viec");
if (lease) {
  let worked = false;
  addEventListener("keydown", () => { worked = true; });
  addEventListener("pointerdown", () => { worked = true; });
  setInterval(async () => {
    if (!worked || document.hidden) return;
    worked = false;
    const answer = await fetch(lease.action, { method: "POST", body: new URLSearchParams(new FormData(lease)), redirect: "manual" });
    if (answer.status === 409) document.getElementById("mat-viec")?.removeAttribute("hidden");
  }, 60000 * 4);
}
