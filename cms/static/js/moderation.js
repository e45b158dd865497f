// The moderators' keyboard: j and k move, a approves, r and a digit refuse, x ticks.
// Decisions are sent without leaving the page; the plain form does the same without this script.

const form = document.querySelector("form[data-queue]");
const message = document.getElementById("queue-message");
const left = document.querySelector("[data-left]");
let refusing = null; // The row that waits for the digit of a reason.

const rows = () => [...form.querySelectorAll("tr[data-item]")];
const current = () => document.activeElement.closest?.("tr[data-item]");

function say(text) {
  message.textContent = text;
}

function move(step) {
  const list = rows();
  const place = list.indexOf(current());
  const next = place < 0 ? 0 : Math.min(Math.max(place + step, 0), list.length - 1);
  list[next]?.focus();
}

function press(row, name) {
  row.querySelector(`button[name="${name}"]`)?.click();
}

function startRefusing(row) {
  const reasons = row.querySelector('select[name^="reason-"]');
  if (!reasons) return;
  refusing = row;
  say(`不通过的原因：${[...reasons.options].map((option) => option.text).join("，")}。按数字选择，Esc 取消。`);
}

function refuse(key) {
  const row = refusing;
  refusing = null;
  say("");
  const reasons = row.querySelector('select[name^="reason-"]');
  const index = Number(key) - 1;
  if (!(index in reasons.options)) return;
  reasons.selectedIndex = index;
  press(row, "reject");
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  const row = current();
  if (refusing && /^[1-9]$/.test(event.key)) refuse(event.key);
  else if (refusing && event.key === "Escape") {
    refusing = null;
    say("");
  } else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "a" && row) press(row, "approve");
  else if (event.key === "r" && row) startRefusing(row);
  else if (event.key === "x" && row) row.querySelector('input[name="items"]')?.click();
  else return;
  event.preventDefault();
}

function remove(ids) {
  const gone = new Set(ids.map(String));
  const list = rows();
  const first = list.findIndex((row) => gone.has(row.dataset.item));
  const next = list.slice(first).find((row) => !gone.has(row.dataset.item));
  const previous = list.slice(0, first).at(-1);
  for (const row of list) if (gone.has(row.dataset.item)) row.remove();
  left.textContent = Number(left.textContent) - gone.size;
  (next || previous)?.focus();
  if (!rows().length) window.location.reload();
}

async function send(event) {
  event.preventDefault();
  const buttons = form.querySelectorAll("button[name]");
  const data = new FormData(form, event.submitter);
  for (const button of buttons) button.disabled = true;
  try {
    const answer = await fetch(window.location.href, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
    });
    const { changed, message: text } = await answer.json();
    say(text);
    if (changed.length) remove(changed);
  } catch {
    say("没有送到服务器，请检查网络后再试。");
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

if (form) {
  document.addEventListener("keydown", onKey);
  form.addEventListener("submit", send);
  const all = form.querySelector("[data-all]");
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of form.querySelectorAll('input[name="items"]')) box.checked = all.checked;
  });
  // The keys work from the start, without scrolling past what stands above.
  rows()[0]?.focus({ preventScroll: true });
}
