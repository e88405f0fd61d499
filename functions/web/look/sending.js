// Sends files one after another with their progress, tries again when the line is cut, and goes on where it stopped:
// what has come is not sent twice. Without this file the same form sends one file by itself.
const form = document.querySelector("form.mc-send");
const says = JSON.parse(form.dataset.says);
const [field, camera] = [form.querySelector("#file"), form.querySelector("#chup")];
const [list, bar, told] = [".mc-files", ".mc-progress", ".mc-told"].map((name) => form.querySelector(name));
const button = form.querySelector("button.govuk-button");
const begins = button.textContent;
const part = form.dataset.part; // page: in the place of one; whole: anew, what follows comes after it; further
const one = part === "page";
const PAUSES_MS = [500, 1500, 4000];
let chosen = []; // [{file, state: "waits" | "sent" | "barred"}]; what was barred gives way to what is chosen next
let next = "";
let busy = false;

field.required = false;
field.multiple = !one;

class Told extends Error {} // what a person is to be told; `problem` is {title, detail}
class Cut extends Error {}

const wait = (ms) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
});

function say(text) { told.textContent = text; }

function show() {
  list.hidden = chosen.length === 0;
  list.replaceChildren(...chosen.map((item) => {
    const row = document.createElement("li");
    row.textContent = `${item.file.name} · ${says[item.state]} `;
    if (!busy && item.state !== "sent") {
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "mc-link";
      drop.textContent = says.drop;
      drop.setAttribute("aria-label", `${says.drop} ${item.file.name}`);
      drop.onclick = () => { chosen = chosen.filter((other) => other !== item); show(); field.focus(); };
      row.append(drop);
    }
    return row;
  }));
}

function add(input) {
  const fresh = [...input.files].map((file) => ({ file, state: "waits" }));
  chosen = one ? fresh.slice(-1) : [...chosen.filter((item) => item.state !== "barred"), ...fresh];
  input.value = "";
  if (chosen.every((item) => item.state === "waits")) button.textContent = begins;
  clearProblem();
  show();
}
field.onchange = () => add(field);
camera.onchange = () => add(camera);

function clearProblem() {
  document.querySelector(".govuk-error-summary")?.remove();
  form.querySelector(".govuk-error-message")?.remove();
  form.querySelector(".govuk-form-group--error")?.classList.remove("govuk-form-group--error");
  field.classList.remove("govuk-file-upload--error");
  field.removeAttribute("aria-describedby");
}

// The same as the server makes of a problem: on top with the way to the field, and beside the field.
function showProblem(title, detail) {
  clearProblem();
  const summary = document.createElement("div");
  summary.className = "govuk-error-summary";
  summary.tabIndex = -1;
  summary.innerHTML = '<div role="alert"><h2 class="govuk-error-summary__title"></h2><div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list"><li><a href="#file"></a></li></ul></div></div>';
  summary.querySelector("h2").textContent = says.wrong;
  const link = summary.querySelector("a");
  link.textContent = title;
  link.onclick = (event) => { event.preventDefault(); field.focus(); };
  document.querySelector("main").prepend(summary);
  const beside = document.createElement("p");
  beside.className = "govuk-error-message";
  beside.id = "file-error";
  const lead = document.createElement("span");
  lead.className = "govuk-visually-hidden";
  lead.textContent = `${says.lead} `;
  beside.append(lead, detail ? `${title}. ${detail}` : title);
  field.before(beside);
  field.closest(".govuk-form-group").classList.add("govuk-form-group--error");
  field.classList.add("govuk-file-upload--error");
  field.setAttribute("aria-describedby", "file-error");
  summary.focus();
}

async function announce(item, nth) {
  const bytes = await item.file.arrayBuffer();
  const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))];
  const sha256 = digest.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const adds = part === "further" || (part === "whole" && nth > 0) ? "1" : "";
  const about = new URLSearchParams({
    word: form.dataset.word, khoa: form.dataset.key + adds + sha256.slice(0, 24), ten: item.file.name,
    co: item.file.size, loai: item.file.type, sha256, trang: form.dataset.page, them: adds,
  });
  let answer;
  try {
    answer = await fetch(form.dataset.announce, { method: "POST", body: about });
  } catch {
    throw new Cut();
  }
  if (answer.status === 401 || answer.status === 403) throw new Told(says.ended);
  if (!(answer.headers.get("Content-Type") || "").includes("json")) throw answer.status >= 500 ? new Cut() : new Told(says.refused);
  const grant = await answer.json();
  if (grant.problem) throw Object.assign(new Told(grant.problem.title), { detail: grant.problem.detail, barred: true });
  return grant;
}

function put(grant, file, progress) {
  const data = new FormData();
  for (const [name, value] of Object.entries(grant.fields)) data.append(name, value);
  data.append("file", file);
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", grant.url);
    request.upload.onprogress = (event) => progress(event.loaded / event.total);
    request.onerror = request.ontimeout = () => fail(new Cut());
    request.onload = () => {
      if (request.status < 300) done();
      else if (request.responseText.includes("BadDigest")) fail(Object.assign(new Told(grant.spoiled.title), { detail: grant.spoiled.detail }));
      else fail(new Cut()); // the grant may be too old, or the store busy: announced again, it is granted anew
    };
    request.send(data);
  });
}

async function send(item, nth) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const grant = await announce(item, nth);
      next = grant.next;
      if (!grant.there) await put(grant, item.file, (share) => { bar.value = (nth + share) / chosen.length; });
      item.state = "sent";
      return;
    } catch (error) {
      if (error.barred) item.state = "barred";
      if (!(error instanceof Cut) || attempt === PAUSES_MS.length) throw error;
      say(says.cut);
      await wait(PAUSES_MS[attempt]);
    }
  }
}

async function sendAll() {
  for (const [nth, item] of chosen.entries()) {
    if (item.state === "sent") continue;
    say(`${says.sending} ${nth + 1} ${says.of} ${chosen.length}: ${item.file.name}`);
    await send(item, nth);
    bar.value = (nth + 1) / chosen.length;
    show();
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) return;
  if (chosen.length === 0) { showProblem(says.none); return; }
  busy = true;
  clearProblem();
  show();
  bar.hidden = false;
  button.setAttribute("aria-disabled", "true");
  try {
    await sendAll();
    say(says.done);
    location.assign(next);
  } catch (error) {
    busy = false;
    button.removeAttribute("aria-disabled");
    button.textContent = says.again;
    say("");
    showProblem(error instanceof Cut ? says.lost : error instanceof Told ? error.message : says.refused, error.detail);
    show();
  }
});
