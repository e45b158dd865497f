// The word form: only the fields that a kind of word uses; the effect, once shown, in view.

const used = document.getElementById("lexicon-used");
const kind = document.querySelector("select[name=kind]");

if (used && kind) {
  const byKind = JSON.parse(used.textContent);
  const optional = [...new Set(Object.values(byKind).flat())];
  const show = () => {
    for (const name of optional) {
      const row = document.querySelector(`[name="${name}"]`)?.closest("li");
      if (row) row.hidden = !byKind[kind.value]?.includes(name);
    }
  };
  kind.addEventListener("change", show);
  show();
}

document.getElementById("effects")?.scrollIntoView({ block: "nearest" });
