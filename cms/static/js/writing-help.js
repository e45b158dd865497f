// Panels of the story editor that ask the server about the text as it stands in the form: keywords to
// accept as tags, stories that say the same. Nothing happens until the button is pressed.

const TAGS = "#id_tags";
const SENT = /^(csrfmiddlewaretoken|title|summary|body-.*)$/;

class WritingHelp extends window.StimulusModule.Controller {
  static targets = ["answer", "ask", "word"];

  static values = { url: String };

  connect() {
    this.mark = this.mark.bind(this);
    // The tag field is jQuery's: its changes reach nobody else.
    window.jQuery(TAGS).on("change", this.mark);
  }

  disconnect() {
    window.jQuery(TAGS).off("change", this.mark);
  }

  async ask() {
    if (this.askTarget.getAttribute("aria-disabled")) return;
    this.askTarget.setAttribute("aria-disabled", "true");
    this.answerTarget.textContent = "正在看稿件……";
    try {
      const response = await fetch(this.urlValue, { method: "POST", body: this.typed() });
      const answer = await response.text();
      if (response.ok) this.answerTarget.innerHTML = answer;
      else this.refuse(response.status === 400 || response.status === 413 ? answer : "");
    } catch {
      this.refuse("");
    }
    this.askTarget.removeAttribute("aria-disabled");
    this.mark();
  }

  refuse(reason) {
    this.answerTarget.textContent = reason || "没有得到答复，请检查网络或重新登录后再点一次。";
  }

  typed() {
    const data = new FormData();
    for (const [name, value] of new FormData(this.element.closest("form"))) {
      if (SENT.test(name)) data.append(name, value);
    }
    return data;
  }

  toggle({ currentTarget: button }) {
    const tags = window.jQuery(TAGS);
    const { word } = button.dataset;
    const accepted = this.accepted().find((tag) => plain(tag) === plain(word));
    if (accepted) tags.tagit("removeTagByLabel", accepted, false);
    else tags.tagit("createTag", word);
    this.mark();
  }

  mark() {
    const accepted = this.accepted().map(plain);
    this.wordTargets.forEach((button) =>
      button.setAttribute("aria-pressed", accepted.includes(plain(button.dataset.word))),
    );
  }

  accepted() {
    const tags = window.jQuery(TAGS);
    return tags.data("uiTagit") ? tags.tagit("assignedTags") : [];
  }
}

// A tag of several words stands in quotes in the field.
const plain = (tag) => tag.replace(/^"(.*)"$/, "$1").toLowerCase();

window.wagtail.app.register("writing-help", WritingHelp);
