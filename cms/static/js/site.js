// What scripts add to pages that work without them: type size, copying a link, calm htmx,
// proposals in a search field, and one count of a story that was read.

const live = document.getElementById("live");

function say(text) {
  live.textContent = text;
  setTimeout(() => (live.textContent = ""), 4000);
}

// --- 字号 ------------------------------------------------------------------------------------

function showSize(size) {
  for (const button of document.querySelectorAll("[data-set-size]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setSize === size));
  }
}

function setSize(size) {
  document.documentElement.dataset.size = size;
  showSize(size);
  try {
    localStorage.setItem("size", size);
  } catch {
    say("浏览器没有保存字号，下次打开需要再选一次。");
  }
}

// --- Buttons that only scripts can serve -----------------------------------------------------

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("链接已复制。");
  } catch {
    say("没有复制成功，请长按地址栏复制。");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set-size], [data-copy], [data-print]");
  if (!button) return;
  if (button.dataset.setSize) setSize(button.dataset.setSize);
  else if (button.dataset.copy) copy(button.dataset.copy);
  else window.print();
});

function showButtons(root) {
  for (const button of root.querySelectorAll("[data-size-switch], [data-copy], [data-print]")) {
    button.hidden = false;
  }
}

showButtons(document);
showSize(document.documentElement.dataset.size || "standard");

// A menu closes when the reader turns to something else.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.account[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// --- htmx ------------------------------------------------------------------------------------

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token && detail.verb !== "get") detail.headers["X-CSRFToken"] = token.content;
});

// A swap may take away the element that had the focus: give it to what came instead. A part that
// loads by itself (a GET) does not pull the reader to it.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const place = detail.elt;
  showButtons(place);
  const wanted = place.matches("[data-focus]") ? place : place.querySelector("[data-focus]");
  const lost = document.activeElement === document.body && detail.requestConfig.verb !== "get";
  const next = wanted || (lost ? place : null);
  if (!next) return;
  if (!next.matches("a, button, input, select, textarea")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
});

// A part that was loading by itself fails quietly: its plain link is still there.
function askedFor(detail) {
  return Boolean(detail.requestConfig.triggeringEvent);
}

document.addEventListener("htmx:sendError", ({ detail }) => {
  if (askedFor(detail)) say("网络不通，请稍后再试。");
});

document.addEventListener("htmx:responseError", ({ detail }) => {
  if (!askedFor(detail)) return;
  const status = detail.xhr.status;
  if (status === 403) say("登录已过期，请刷新页面后再试。");
  else if (status === 429) say("操作太快了，请过一会儿再试。");
  else say("没有成功，请稍后再试。");
});

// --- Searching -------------------------------------------------------------------------------

// Only who turns to a search field needs what proposes stories there.
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("input[data-suggest]")) import(target.dataset.suggestBy);
});

// --- Talking ---------------------------------------------------------------------------------

const talk = document.querySelector("[data-talk]");
if (talk) import(talk.dataset.talkBy);

// Only while somebody floods: the sum is worked out as soon as one turns to writing, and who is
// faster than the phone waits for it.
const sumIn = (form) => form?.querySelector("input[data-challenge]");
const solve = async (field) => (await import(field.dataset.solveBy)).solve(field);

document.addEventListener("focusin", ({ target }) => {
  const field = sumIn(target.form);
  if (field) solve(field);
});

const waiting = new WeakSet();

document.addEventListener("htmx:confirm", async (event) => {
  const field = event.target.matches("form") && sumIn(event.target);
  if (!field || field.value) return;
  event.preventDefault();
  if (waiting.has(field)) return; // Pressed twice: it is sent once.
  waiting.add(field);
  try {
    await solve(field);
  } finally {
    // Without a solution too: the server says what to do next.
    waiting.delete(field);
    event.detail.issueRequest(true);
  }
});

// --- Reading ---------------------------------------------------------------------------------

const SEARCH_ENGINES = /(^|\.)(baidu|sogou|so|bing|google|sm)\.(com|cn)(\.|$)/;

function readerCameFrom() {
  const named = new URLSearchParams(location.search).get("from");
  if (named) return named.slice(0, 20);
  if (!document.referrer) return "direct";
  const host = new URL(document.referrer).hostname;
  if (host === location.hostname) return "site";
  if (SEARCH_ENGINES.test(host)) return "search";
  return "other";
}

function countReading() {
  const main = document.querySelector("main[data-story]");
  const declined = navigator.doNotTrack === "1" || navigator.globalPrivacyControl;
  if (!main || declined) return;
  const figures = new URLSearchParams({ story: main.dataset.story, source: readerCameFrom() });
  navigator.sendBeacon("/-/read/", figures);
}

function whenSeen(act) {
  if (document.visibilityState === "visible") act();
  else document.addEventListener("visibilitychange", act, { once: true });
}

whenSeen(countReading);
