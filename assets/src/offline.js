// Without a connection a form stays on the screen with all that was typed: most of it may be kept in no draft, so sending it into nothing
// would lose it. Where the browser says that it is offline the program is asked first; it may run on this very machine.
function tell(form, near) {
  form.querySelector(".tc-offline")?.remove();
  const line = document.createElement("p");
  line.className = "tc-offline";
  line.setAttribute("role", "alert");
  line.textContent = document.body.dataset.wordOffline;
  (near ?? form.lastElementChild).before(line);
}

async function answers() {
  try {
    return (await fetch("/healthz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

document.addEventListener(
  "submit",
  (event) => {
    const { target: form, submitter } = event;
    if (form.method !== "post") return;
    const reached = form.dataset.reached;
    delete form.dataset.reached;
    if (navigator.onLine || reached) return;
    event.preventDefault();
    // Nothing else may take it for sent.
    event.stopImmediatePropagation();
    answers().then((there) => {
      if (!there) return tell(form, submitter);
      form.dataset.reached = "1";
      form.requestSubmit(submitter ?? undefined);
    });
  },
  true,
);

addEventListener("online", () => document.querySelectorAll(".tc-offline").forEach((line) => line.remove()));
