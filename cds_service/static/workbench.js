// The workbench without a page load for every change. Everything works without this file, too:
// the same forms and links then load the page anew.

const answer = () => document.getElementById("answer");

async function fetched(address) {
  const page = await fetch(address, { headers: { Accept: "text/html" } });
  if (!page.ok) throw new Error(`${page.status} ${page.statusText}`);
  return new DOMParser().parseFromString(await page.text(), "text/html");
}

function replace(page, ...ids) {
  for (const id of ids) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  }
}

// --- asking again when the event, the draft or a value changes ---------------------------------

let asked = 0;

async function askAgain(form) {
  const mine = ++asked;
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  const address = `/?${new URLSearchParams(filled)}`;
  answer().classList.add("waiting");
  const page = await fetched(address).catch(() => null);
  if (mine !== asked) return; // a later change is on its way
  if (page === null) return location.assign(address); // the page itself says what went wrong
  replace(page, "answer");
  history.replaceState(null, "", address);
}

document.getElementById("ask")?.addEventListener("change", (event) => {
  askAgain(event.currentTarget);
});
document.getElementById("ask")?.addEventListener("submit", (event) => {
  event.preventDefault();
  askAgain(event.currentTarget).then(() => {
    answer().focus({ preventScroll: true });
    answer().scrollIntoView();
  });
});

// --- answering a card: the call that an EHR makes ----------------------------------------------

function feedbackOf(form, pressed) {
  const said = new FormData(form);
  const item = { card: said.get("card"), outcomeTimestamp: new Date().toISOString() };
  if (pressed?.name === "suggestion") {
    return { ...item, outcome: "accepted", acceptedSuggestions: [{ id: pressed.value }] };
  }
  const reason = { code: said.get("reason"), system: form.elements.reason.dataset.system };
  const overrideReason = { reason };
  if (said.get("comment")) overrideReason.userComment = said.get("comment");
  return { ...item, outcome: "overridden", overrideReason };
}

function shown(tag, text, attributes = {}) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.textContent = text;
  return element;
}

async function send(form, pressed) {
  const path = `/cds-services/${new FormData(form).get("service")}/feedback`;
  const sent = { feedback: [feedbackOf(form, pressed)] };
  const reply = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(sent),
  });
  const received = await reply.text();
  replace(await fetched("/workbench/report"), "report");
  const outcome = sent.feedback[0].outcome;
  const said = reply.ok ? `Stored: the card was ${outcome}. The report counts it.` : "Not stored.";
  const exchange = `POST ${path}\n${JSON.stringify(sent, null, 1)}\n\n${reply.status}\n${received}`;
  document.getElementById("said").replaceChildren(
    shown("p", said, { className: reply.ok ? "done" : "fault" }),
    shown("pre", exchange, { tabIndex: 0 }),
  );
  document.getElementById("report").focus();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.answer")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

// --- a dropped file is pasted ------------------------------------------------------------------

const bundle = document.getElementById("bundle");
bundle?.addEventListener("dragover", (event) => {
  event.preventDefault();
  bundle.classList.add("over");
});
bundle?.addEventListener("dragleave", () => bundle.classList.remove("over"));
bundle?.addEventListener("drop", async (event) => {
  event.preventDefault();
  bundle.classList.remove("over");
  const [file] = event.dataTransfer.files;
  bundle.value = file ? await file.text() : event.dataTransfer.getData("text");
});

// --- where it is narrow, the list of patients is folded ------------------------------------------

if (matchMedia("(max-width: 52rem)").matches) {
  document.querySelector(".patients")?.removeAttribute("open");
}
