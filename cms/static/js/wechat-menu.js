// The menu editor: shows only the field that counts, counts names, and how the phone will show it.

const form = document.querySelector("[data-menu]");
const bytes = new TextEncoder();

function nameOf(button) {
  return button.querySelector("[data-bytes]").value.trim();
}

function isBlank(button) {
  return ![...button.querySelectorAll("input")].some((input) => input.value.trim());
}

function countName(input) {
  const shown = input.parentElement.querySelector("[data-count]");
  const over = bytes.encode(input.value.trim()).length - Number(input.dataset.bytes);
  const long = [...input.value.trim()].length > Number(input.dataset.shown);
  let text = `${input.dataset.shown} 个汉字以内能完整显示`;
  if (over > 0) text = `超出 ${over} 个字节，请写短一些`;
  else if (long) text = "手机上可能显示不全";
  shown.textContent = text;
  shown.classList.toggle("is-over", over > 0);
}

function showFields(button, hasSubs) {
  const kind = button.querySelector("select").value;
  button.querySelector("[data-action]").hidden = hasSubs;
  for (const part of button.querySelectorAll("[data-for]")) {
    part.hidden = hasSubs || part.dataset.for !== kind;
  }
}

// Of the empty ones, one is offered.
function offerOne(subs) {
  let offered = false;
  for (const sub of subs) {
    const blank = isBlank(sub);
    sub.closest("[data-sub]").hidden = blank && offered;
    offered ||= blank;
  }
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function drawPhone(tops) {
  const bar = form.querySelector("[data-phone-bar]");
  const chat = form.querySelector("[data-phone-subs]");
  bar.replaceChildren(...tops.map((top) => element("span", "phone-top", top.name || "（未命名）")));
  chat.replaceChildren(
    ...tops.map((top) => {
      const column = element("div", "phone-column", "");
      column.append(...top.subs.map((name) => element("span", "phone-sub", name || "（未命名）")));
      return column;
    }),
  );
}

function refresh() {
  const tops = [];
  for (const top of form.querySelectorAll("[data-top]")) {
    const [own, ...subs] = top.querySelectorAll("[data-button]");
    const there = subs.filter((sub) => !isBlank(sub));
    showFields(own, there.length > 0);
    for (const sub of subs) showFields(sub, false);
    offerOne(subs);
    if (!isBlank(own) || there.length) tops.push({ name: nameOf(own), subs: there.map(nameOf) });
  }
  for (const input of form.querySelectorAll("[data-bytes]")) countName(input);
  drawPhone(tops);
}

if (form) {
  form.querySelector("[data-phone]").hidden = false;
  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  form.addEventListener("submit", (event) => {
    const asked = event.submitter?.dataset.confirm;
    if (asked && !window.confirm(asked)) event.preventDefault();
  });
  refresh();
}
