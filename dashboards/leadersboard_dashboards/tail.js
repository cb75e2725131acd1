// The end of a log. What it says is asked for as long as it grows.

const NEAR_PX = 24;

function render({ model, el }) {
  const note = document.createElement("p");
  note.setAttribute("role", "status");
  const log = document.createElement("pre");
  log.className = "lb-log";
  log.tabIndex = 0;
  log.setAttribute("role", "log");
  log.setAttribute("aria-live", "off");
  el.append(note, log);
  let waiting = false;

  const ask = () => {
    if (document.hidden || waiting || !model.get("follows")) return;
    waiting = true;
    model.send({ ask: true });
  };
  const answered = () => {
    waiting = false;
  };
  const showNote = () => {
    note.textContent = model.get("note");
    note.className = model.get("note") ? "lb-note lb-warn" : "lb-quiet";
  };
  const showLines = () => {
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - NEAR_PX;
    log.innerHTML = model.get("lines");
    if (atEnd) log.scrollTop = log.scrollHeight;
  };
  const showLabel = () => log.setAttribute("aria-label", model.get("label"));
  const follow = () => {
    log.dataset.follows = String(model.get("follows"));
  };
  const changes = { lines: showLines, note: showNote, label: showLabel, follows: follow };
  for (const [name, show] of Object.entries(changes)) {
    model.on(`change:${name}`, show);
    show();
  }
  model.on("msg:custom", answered);
  const timer = setInterval(ask, model.get("seconds") * 1000);
  return () => {
    clearInterval(timer);
    for (const [name, show] of Object.entries(changes)) model.off(`change:${name}`, show);
    model.off("msg:custom", answered);
  };
}

export default { render };
