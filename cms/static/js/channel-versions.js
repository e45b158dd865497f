// The story's versions for its accounts: fields the account's channel has no use for are hidden, empty
// fields show what the story gives, counters run against the channel's limits. All limits come from the
// server (#channel-accounts). Without this script every field is there, and the server checks the same.

const COUNTED = ["title", "digest", "text"];
// Whether a channel of one short text has an editor's own words.
const ABOUT_TEXT = {
  true: "（连同链接；标题、摘要、文末另加不再用）",
  false: "（由标题、摘要、文末另加和链接生成）",
};

class ChannelVersions extends window.StimulusModule.Controller {
  connect() {
    this.accounts = JSON.parse(document.getElementById("channel-accounts").textContent);
    this.observer = new MutationObserver(() => this.show());
    const rows = this.element.querySelector("[id$=-FORMS]");
    this.observer.observe(rows, { childList: true });
    this.show();
  }

  disconnect() {
    this.observer.disconnect();
  }

  show() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() =>
      this.element.querySelectorAll("[data-inline-panel-child]").forEach((row) => this.row(row)),
    );
  }

  row(row) {
    const account = this.accounts[field(row, "account")?.value];
    const story = { title: typed("title"), digest: typed("summary"), text: "" };
    if (account?.limits.text) story.text = composed(row, story);
    placeholder(row, "title", story.title);
    placeholder(row, "digest", story.digest);
    placeholder(row, "text", account?.limits.text ? "留空按标题和摘要生成" : "留空用稿件正文");
    for (const name of COUNTED) count(row, name, account, story[name]);
    way(row, account);
  }
}

const field = (row, name) => row.querySelector(`[name$="-${name}"]`);

const typed = (name) => document.getElementById(`id_${name}`)?.value.trim() || "";

function placeholder(row, name, words) {
  const input = field(row, name);
  if (input) input.placeholder = words;
}

// What a channel of one short text makes of the fields (cms/matrix/channels/weibo/render.py).
function composed(row, story) {
  const own = (name) => field(row, name)?.value.trim() || story[name] || "";
  return own("title") || own("digest") ? `【${own("title")}】${own("digest")}${own("tail")}` : "";
}

// As cms.matrix.adaptation.length counts.
function length(text, halves) {
  const signs = [...text];
  if (!halves) return signs.length;
  const each = (sign) => (sign < "\u0080" ? 1 : sign.codePointAt(0) < 0x10000 ? 2 : 4);
  return Math.ceil(signs.reduce((sum, sign) => sum + each(sign), 0) / 2);
}

function count(row, name, account, inherited) {
  const input = field(row, name);
  if (!input) return;
  const limit = account?.limits[name];
  let text = input.value.trim() || inherited;
  if (name === "text" && text && account?.link && !text.includes(account.link)) {
    text = `${text} ${account.link}`;
  }
  const used = limit ? length(text, account.halves) : 0;
  const own = input.value.trim();
  // Of what is made from the fields, the end is cut off by itself; own words are never cut.
  const over = limit && (own || name !== "text") ? used - limit : 0;
  const words = over > 0 ? `超出 ${over} 字` : `${Math.min(used, limit)}/${limit} 字`;
  const from = name === "text" ? ABOUT_TEXT[Boolean(own)] : own ? "" : "（沿用稿件）";
  const cut = !own && over <= 0 && used > limit ? "，摘要放不下的部分会截去" : "";
  note(input, limit && text ? words + from + cut : "", over > 0);
  input.setAttribute("aria-invalid", over > 0);
}

function way(row, account) {
  const select = field(row, "way");
  if (!select) return;
  select.closest(".w-panel__wrapper").hidden = Boolean(account) && !account.hasMass;
  const mass = select.querySelector('option[value="mass"]');
  mass.disabled = Boolean(account) && !account.mayMass;
  const may = account?.mayMass ? account.massLeft : "这个账号不能群发";
  note(select, account?.hasMass ? may : "", Boolean(account) && mass.disabled && mass.selected);
}

// A line below the field; it describes the field to screen readers too.
function note(input, words, bad) {
  const id = `${input.id}-note`;
  let line = document.getElementById(id);
  if (!line) {
    line = document.createElement("p");
    line.id = id;
    line.className = "channel-note";
    input.after(line);
    const others = input.getAttribute("aria-describedby");
    input.setAttribute("aria-describedby", others ? `${others} ${id}` : id);
  }
  if (line.textContent !== words) line.textContent = words;
  line.classList.toggle("is-over", bad);
}

window.wagtail.app.register("channel-versions", ChannelVersions);
