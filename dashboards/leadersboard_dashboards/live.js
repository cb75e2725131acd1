// Keeps what a page shows up to date without a reload. Only what has changed is replaced.

const PATIENCE_MS = 60_000;
const KEPT = "input, select, textarea";

/** Whether something large is still on its way to the kernel, such as a file over a slow line: what was asked is behind it. */
function isSending() {
  return window.lbSockets.some((socket) => socket.bufferedAmount > 0);
}

/** Bring `old` to what `fresh` is, child by child, so that what the reader holds on to stays. */
function follow(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE || old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh.cloneNode(true));
    return;
  }
  if (old.matches(KEPT)) return;
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const known = new Map([...old.children].filter((child) => child.dataset.job).map((child) => [child.dataset.job, child]));
  [...fresh.childNodes].forEach((child, at) => {
    const same = child.dataset?.job ? known.get(child.dataset.job) : old.childNodes[at];
    const there = old.childNodes[at];
    if (!same) {
      old.insertBefore(child.cloneNode(true), there ?? null);
      return;
    }
    if (same !== there) old.insertBefore(same, there ?? null);
    follow(same, child);
  });
  while (old.childNodes.length > fresh.childNodes.length) old.lastChild.remove();
}

function render({ model }) {
  const place = document.getElementById(model.get("place"));
  let askedAt = null;
  const ask = () => {
    if (document.hidden) return;
    if (askedAt !== null) {
      // The kernel is gone, as after a night with a closed laptop: another one brings the same view.
      if (isSending()) askedAt = Date.now();
      else if (Date.now() - askedAt > PATIENCE_MS) window.location.reload();
      return;
    }
    askedAt = Date.now();
    try {
      model.send({ ask: true });
    } catch {
      // There is no connection now. If none comes back, nothing answers, and the page is loaded anew.
    }
  };
  const update = () => {
    const fresh = document.createElement("template");
    fresh.innerHTML = `<div id="${place.id}">${model.get("html")}</div>`;
    follow(place, fresh.content.firstChild);
  };
  const answered = ({ reached }) => {
    askedAt = null;
    if (!reached) return;
    const now = new Date().toISOString();
    place.dataset.asked = now;
    for (const time of place.querySelectorAll("time.lb-asked")) time.textContent = now.slice(0, 19).replace("T", " ");
  };
  model.on("change:html", update);
  model.on("msg:custom", answered);
  const timer = setInterval(ask, model.get("seconds") * 1000);
  document.addEventListener("visibilitychange", ask);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", ask);
    model.off("change:html", update);
    model.off("msg:custom", answered);
  };
}

export default { render };
