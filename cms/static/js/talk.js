// While a story lies open: says that new comments have come. Asks only while somebody looks.

const EVERY = 30_000;
const talk = document.querySelector("[data-talk]");
const news = talk.querySelector("[data-talk-new]");

async function look() {
  if (document.visibilityState !== "visible") return;
  let state;
  try {
    const answer = await fetch(talk.dataset.talk);
    if (!answer.ok) return;
    state = await answer.json();
  } catch {
    return; // No network: the next look will tell.
  }
  const count = talk.querySelector("[data-talk-count]");
  if (count) count.textContent = state.total;
  if (state.newest > Number(talk.dataset.newest)) {
    talk.dataset.newest = state.newest;
    news.hidden = false;
  }
}

news.addEventListener("click", () => (news.hidden = true));
setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
