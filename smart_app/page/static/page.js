// What the page gains with JavaScript: steps that open where a link leads, copying, what-if.

function openTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id && document.getElementById(id);
  for (let outer = target; outer; outer = outer.parentElement) {
    if (outer.tagName === "DETAILS") outer.open = true;
  }
  if (target) target.scrollIntoView({ block: "center" });
}
addEventListener("hashchange", openTarget);
openTarget();

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      document.execCommand("copy"); // in a frame without the clipboard's permission
    }
    button.textContent = button.dataset.copied;
  });
}

const form = document.querySelector("[data-what-if]");
if (form) {
  const result = document.querySelector("[data-what-if-result]");
  let latest = 0;
  form.hidden = false;
  form.addEventListener("input", () => {
    latest += 1; // what is on its way, and what stands there, is of the form as it was
    result.replaceChildren();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const asked = ++latest;
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const fragment = await answer.text();
    if (asked !== latest) return; // a later supposition was sent meanwhile
    if (!answer.ok) return form.submit(); // the session has ended: let the page say so
    result.innerHTML = fragment; // our own server's, escaped there
  });
}
