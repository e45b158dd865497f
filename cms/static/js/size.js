// Runs before the page is painted, so that readers of large type never see it jump.
// Storage is closed in some private windows: then the page simply shows at standard size.
try {
  const size = localStorage.getItem("size");
  if (size) document.documentElement.dataset.size = size;
} catch {}
