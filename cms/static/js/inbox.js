// The inbox's keyboard: j and k move, r answers, m marks as read or unread, x ticks, o opens.
// Buttons work without leaving the page; the plain forms do the same without this script.

const list = document.querySelector("[data-inbox]");
const message = document.getElementById("inbox-message");
// A row with something on its way is asked for again until it rests.
const ASK_AGAIN = 2500;
const ASK_LONG = 60;

const rows = () => [...list.querySelectorAll("[data-reply]")];
const current = () => document.activeElement.closest?.("[data-reply]");

function say(text) {
  message.textContent = text;
}

function move(step) {
  const all = rows();
  const place = all.indexOf(current());
  all[place < 0 ? 0 : Math.min(Math.max(place + step, 0), all.length - 1)]?.focus();
}

function answer(row) {
  const box = row.querySelector(".inbox-reply");
  if (!box) return say(row.querySelector(".inbox-why")?.textContent || "这条现在不能回复。");
  box.open = true;
  box.querySelector("textarea").focus();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const row = current();
  if (event.key === "Escape" && row && event.target.matches("textarea")) row.focus();
  if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "r" && row) answer(row);
  else if (event.key === "x" && row) row.querySelector('input[name="replies"]')?.click();
  else if ((event.key === "m" || event.key === "o") && row) {
    row.querySelector(`[data-key="${event.key}"]`)?.click();
  } else return;
  event.preventDefault();
}

// As services.inbox.answer_length counts.
function length(area) {
  const signs = [...area.value.trim()];
  if (!("halves" in area.dataset)) return signs.length;
  const halves = signs.map((sign) => {
    const code = sign.codePointAt(0);
    return code < 128 ? 1 : code < 0x10000 ? 2 : 4;
  });
  return Math.ceil(halves.reduce((sum, each) => sum + each, 0) / 2);
}

function count(area) {
  const shown = area.form.querySelector("[data-count]");
  const left = Number(area.dataset.limit) - length(area);
  shown.textContent = left < 0 ? `超出 ${-left} 个字，请写短一些` : `还可写 ${left} 个字`;
  shown.classList.toggle("is-over", left < 0);
  area.form.querySelector("button").disabled = left < 0;
}

function replace(old, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const row = holder.content.firstElementChild;
  const wasTicked = old.querySelector('input[name="replies"]')?.checked;
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(row);
  const tick = row.querySelector('input[name="replies"]');
  if (tick && !document.getElementById("inbox-batch")) tick.remove();
  else if (tick) tick.checked = wasTicked;
  if (hadFocus) row.focus({ preventScroll: true });
  return row;
}

function show(old, told) {
  for (const place of document.querySelectorAll("[data-unread]")) place.textContent = told.unread;
  const row = replace(old, told.row);
  if ("moves" in row.dataset) ask(row, ASK_LONG);
}

async function ask(row, left) {
  await new Promise((done) => setTimeout(done, ASK_AGAIN));
  if (!left || !row.isConnected) return;
  // Nobody's half-written answer is taken away.
  if (row.querySelector(".inbox-reply[open]")) return ask(row, left - 1);
  try {
    const response = await fetch(row.dataset.row, { headers: { Accept: "application/json" } });
    const told = await response.json();
    const fresh = replace(row, told.row);
    if ("moves" in fresh.dataset) ask(fresh, left - 1);
  } catch {
    ask(row, left - 1);
  }
}

async function send(event) {
  const row = event.target.closest("[data-reply]");
  if (!row) return;
  event.preventDefault();
  const button = event.submitter;
  if (button?.dataset.confirm && !window.confirm(button.dataset.confirm)) return;
  const data = new FormData(event.target, button);
  const address = button?.hasAttribute("formaction") ? button.formAction : event.target.action;
  const buttons = row.querySelectorAll("button");
  for (const each of buttons) each.disabled = true;
  try {
    const response = await fetch(address, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
    });
    const told = await response.json();
    say(told.message);
    // What was refused stays as it was typed.
    if (response.ok || !data.get("text")) show(row, told);
  } catch {
    say("没有送到服务器，请检查网络后再试。");
  } finally {
    for (const each of buttons) each.disabled = false;
  }
}

if (list) {
  document.addEventListener("keydown", onKey);
  list.addEventListener("submit", send);
  list.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-limit]")) count(event.target);
  });
  for (const row of rows()) if ("moves" in row.dataset) ask(row, ASK_LONG);
  const all = document.querySelector("[data-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of list.querySelectorAll('input[name="replies"]')) box.checked = all.checked;
    });
    rows()[0]?.focus({ preventScroll: true });
  } else {
    for (const box of list.querySelectorAll('input[name="replies"]')) box.remove();
  }
}
