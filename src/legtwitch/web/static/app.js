// Makes pages nicer where scripts run; every page works without.
"use strict";

const wrong = document.getElementById("wrong");
if (wrong) wrong.focus();

// "None of these" and the others put each other out.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.type !== "checkbox" || box.name !== "pick" || !box.checked) return;
  const alone = "alone" in box.dataset;
  for (const other of box.form.querySelectorAll("input[type=checkbox][name=pick]"))
    if (other !== box && (alone || "alone" in other.dataset)) other.checked = false;
});

// A form is sent once.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  else if (event.target.method === "post") event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Uploads say how far they are.
for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    const file = form.querySelector("input[type=file]").files[0];
    if (!file || event.defaultPrevented) return;
    event.preventDefault();
    const status = form.querySelector(".progress");
    status.hidden = false;
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) status.textContent = `Copying: ${Math.floor((100 * sent.loaded) / sent.total)} of 100`;
    });
    request.addEventListener("load", () => {
      if (request.responseURL && request.status < 400) { window.location.assign(request.responseURL); return; }
      document.open(); document.write(request.responseText); document.close();
    });
    request.addEventListener("error", () => {
      delete form.dataset.sent;
      status.textContent = "The file could not be copied. Please try again.";
    });
    request.send(new FormData(form));
  });
}

// A recording that is being read says how far it is, and shows the result when it is there.
for (const box of document.querySelectorAll("[data-poll]")) {
  const timer = setInterval(async () => {
    const answer = await fetch(box.dataset.poll).catch(() => null);
    if (!answer || !answer.ok) return;
    const state = await answer.json();
    if (state.busy) box.querySelector(".now").textContent = state.progress;
    else { clearInterval(timer); window.location.reload(); }
  }, 700);
}

// Names of medicines while one writes.
for (const input of document.querySelectorAll("input[data-search]")) {
  const list = document.createElement("ul");
  list.className = "suggest";
  list.hidden = true;
  input.after(list);
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const body = new URLSearchParams({ csrf: input.form.csrf.value, name: input.value });
      const answer = await fetch(input.dataset.search, { method: "POST", body }).catch(() => null);
      const names = answer && answer.ok ? await answer.json() : [];
      list.replaceChildren(...names.map((name) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = name;
        button.addEventListener("click", () => { input.value = name; list.hidden = true; input.focus(); });
        item.append(button);
        return item;
      }));
      list.hidden = names.length === 0;
    }, 250);
  });
}
