// Proposals while somebody types: a combobox after WAI-ARIA's pattern "list autocomplete with manual
// selection". Without this file the field is a plain one, and the form works.

const WAIT_MS = 200;

for (const input of document.querySelectorAll("input[data-suggest]")) propose(input);

function propose(input) {
  const list = makeList(input);
  const told = makeStatus(input);
  let options = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  close();

  input.addEventListener("input", (event) => {
    if (!input.value.trim()) close();
    // A pinyin keyboard is still putting the characters together.
    else if (!event.isComposing) askSoon();
  });
  input.addEventListener("compositionend", askSoon);
  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      open(options[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  // The field keeps the focus while an option is pressed, or it would close the list first.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) open(option);
  });
  // This file is fetched when somebody turns to the field, who may be typing already.
  if (document.activeElement === input && input.value !== input.defaultValue) askSoon();

  function askSoon() {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  }

  async function ask() {
    asking?.abort();
    const typed = input.value.trim();
    if (!typed) return close();
    const mine = (asking = new AbortController());
    try {
      const address = `${input.dataset.suggest}?${new URLSearchParams({ q: typed })}`;
      const answer = await fetch(address, { signal: mine.signal });
      const fragment = answer.ok ? await answer.text() : "";
      if (mine === asking && document.activeElement === input) show(fragment);
    } catch (error) {
      // Whoever types on, or has no network, can still press 搜索.
      if (error.name !== "AbortError") close();
    }
  }

  function show(fragment) {
    list.innerHTML = fragment; // Escaped by the server.
    options = [...list.querySelectorAll("[role=option]")];
    options.forEach((option, place) => {
      option.id = `${list.id}-${place}`;
      option.setAttribute("aria-selected", "false");
    });
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    told.textContent = options.length ? `有 ${options.length} 条提示，按上下键选择。` : "";
  }

  function move(step) {
    // One place beyond either end is the field itself.
    const places = options.length + 1;
    active = ((active + 1 + step + places) % places) - 1;
    options.forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === active));
    });
    if (active < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
    options = [];
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    told.textContent = "";
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}

function open(option) {
  location.assign(option.dataset.url);
}

function makeList(input) {
  const list = document.createElement("ul");
  list.id = `options-${document.querySelectorAll("[role=listbox]").length}`;
  list.className = "search-options";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "猜您要找");
  input.form.append(list);
  return list;
}

function makeStatus(input) {
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  input.form.append(status);
  return status;
}
