// On a desk there is room beside the stories for what can be chosen.

if (matchMedia("(min-width: 900px)").matches) {
  for (const details of document.querySelectorAll("[data-open-on-desk]")) details.open = true;
}
