// The moderators' keyboard: j and k move, a approves, r and a digit refuse, x ticks, t takes, e
// answers, Enter opens. On a ticked row a and r decide on all that are ticked. Decisions are sent
// without leaving the page; the plain forms do the same without this script. Beside the list stands
// what belongs to the chosen row. On the page of one item only a saved answer is filled in.

const form = document.querySelector("form[data-queue]");
const pane = document.getElementById("queue-pane");
const message = document.getElementById("queue-message");
const left = document.querySelector("[data-left]");
const WAIT = 120; // Milliseconds a row is chosen before its pane is asked for.
let refusing = null; // The row that waits for the digit of a reason.
let chosen = null;
let asking = 0;

const rows = () => [...form.querySelectorAll("tr[data-item]")];

function say(text) {
  message.textContent = text;
}

// --- Choosing a row ---------------------------------------------------------------------------

function choose(row) {
  if (row === chosen) return;
  chosen?.classList.remove("queue-chosen");
  chosen = row;
  row.classList.add("queue-chosen");
  clearTimeout(asking);
  if (getComputedStyle(pane).display !== "none") asking = setTimeout(show, WAIT, row);
}

async function show(row) {
  try {
    const answer = await fetch(row.dataset.pane);
    if (!answer.ok || row !== chosen) return;
    pane.innerHTML = await answer.text();
    pane.scrollTop = 0;
  } catch {
    pane.textContent = "没有取到详情，请检查网络。";
  }
}

function move(step) {
  const list = rows();
  const place = list.indexOf(chosen);
  const next = place < 0 ? 0 : Math.min(Math.max(place + step, 0), list.length - 1);
  list[next]?.focus();
}

// --- The keys ---------------------------------------------------------------------------------

const ticked = () => form.querySelectorAll('input[name="items"]:checked').length;
const isTicked = (row) => Boolean(row.querySelector('input[name="items"]:checked'));

function tell() {
  const number = ticked();
  say(number ? `已勾选 ${number} 条：按 a 全部通过，按 r 再选原因全部不通过。` : "");
}

// The button of the row, or of the foot when the row is one of those ticked.
function press(row, name, state) {
  const own = `button[name="${name}"]`;
  const ofAll = `button[name="batch"][value="${state}"]`;
  (isTicked(row) ? form.querySelector(ofAll) : row.querySelector(own))?.click();
}

function reasonsFor(row) {
  return isTicked(row)
    ? form.querySelector('select[name="reason"]')
    : row.querySelector('select[name^="reason-"]');
}

function startRefusing(row) {
  const reasons = reasonsFor(row);
  if (!reasons) return;
  refusing = row;
  const names = [...reasons.options].map((option, place) => `${place + 1} ${option.dataset.name}`);
  const which = isTicked(row) ? `勾选的 ${ticked()} 条` : "";
  say(`${which}不通过的原因：${names.join("，")}。按数字选择，Esc 取消。`);
}

function refuse(key) {
  const row = refusing;
  refusing = null;
  say("");
  const reasons = reasonsFor(row);
  const index = Number(key) - 1;
  if (!(index in reasons.options)) return;
  reasons.selectedIndex = index;
  press(row, "reject", "rejected");
}

function write() {
  const details = pane.querySelector("[data-answer]");
  if (!details) return say("这条内容现在不能回复。");
  details.open = true;
  details.querySelector("textarea").focus();
}

function take(row) {
  send(row.dataset.pane.replace("?pane", "take/"), new FormData(form), () => show(row));
}

function stopRefusing() {
  refusing = null;
  say("");
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: (row) => press(row, "approve", "approved"),
  r: startRefusing,
  x: (row) => row.querySelector('input[name="items"]')?.click(),
  t: take,
  e: write,
  Enter: (row) => row.querySelector("[data-open]").click(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { target, key } = event;
  if (target.matches("input:not([type=checkbox]), select, textarea")) {
    if (key === "Escape") chosen?.focus();
    return;
  }
  if (refusing && /^[1-9]$/.test(key)) refuse(key);
  else if (refusing && key === "Escape") stopRefusing();
  else if (key === "Enter" && target.matches("a, button, summary, input")) return;
  else if (KEYS[key] && (chosen || "jk".includes(key))) KEYS[key](chosen);
  else return;
  event.preventDefault();
}

// --- Sending ----------------------------------------------------------------------------------

function remove(ids) {
  const gone = new Set(ids.map(String));
  const list = rows();
  const first = list.findIndex((row) => gone.has(row.dataset.item));
  left.textContent = Math.max(Number(left.textContent) - gone.size, 0);
  if (first < 0) return;
  const next = list.slice(first).find((row) => !gone.has(row.dataset.item));
  const previous = list.slice(0, first).at(-1);
  for (const row of list) if (gone.has(row.dataset.item)) row.remove();
  (next || previous)?.focus();
  if (!rows().length) window.location.reload();
}

async function send(address, data, done) {
  const buttons = document.querySelectorAll(".queue button[name], .queue [data-act] button");
  for (const button of buttons) button.disabled = true;
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
    });
    const { changed, message: text } = await answer.json();
    say(text);
    if (changed.length) remove(changed);
    else if (answer.ok) done?.();
  } catch {
    say("没有送到服务器，请检查网络后再试。");
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

// What was pressed in the pane is gone when it is shown anew: the keys go on from the row.
function goOn() {
  if (!chosen) return;
  chosen.focus({ preventScroll: true });
  show(chosen);
}

function onSubmit(event) {
  const sent = event.target;
  if (sent !== form && !sent.matches("[data-act]")) return;
  event.preventDefault();
  const data = new FormData(sent, event.submitter);
  send(sent === form ? window.location.href : sent.action, data, goOn);
}

function onChange(event) {
  const { target } = event;
  if (target.matches("[data-all]")) {
    for (const box of form.querySelectorAll('input[name="items"]')) box.checked = target.checked;
    tell();
  } else if (target.matches('input[name="items"]')) {
    tell();
  } else if (target.matches("[data-saved]") && target.value) {
    target.form.querySelector("textarea").value = target.value;
  }
}

document.addEventListener("change", onChange);

if (form) {
  document.addEventListener("keydown", onKey);
  document.addEventListener("submit", onSubmit);
  form.addEventListener("focusin", ({ target }) => {
    const row = target.closest("tr[data-item]");
    if (row) choose(row);
  });
  form.addEventListener("click", ({ target }) => {
    const row = target.closest("tr[data-item]");
    if (row && !target.closest("a, button, select, input")) row.focus({ preventScroll: true });
  });
  const all = form.querySelector("[data-all]");
  if (all) all.hidden = false;
  // The keys work from the start, without scrolling past what stands above.
  rows()[0]?.focus({ preventScroll: true });
}
