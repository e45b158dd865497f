// An account's page: keys are copied with one button, and what cannot be undone is asked about.

async function copy(field) {
  if (navigator.clipboard) return navigator.clipboard.writeText(field.value);
  // Without https the clipboard is closed to scripts: select it and use the browser's own command.
  field.select();
  if (!document.execCommand("copy")) throw new Error("not copied");
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const usual = button.innerHTML;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    try {
      await copy(field);
      button.textContent = "已复制";
    } catch {
      field.select();
      button.textContent = "请按 Ctrl+C";
    }
    setTimeout(() => (button.innerHTML = usual), 2000);
  });
}

for (const button of document.querySelectorAll("[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (!window.confirm(button.dataset.confirm)) event.preventDefault();
  });
}
