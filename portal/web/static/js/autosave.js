// Saves every answer as it is given and says so beside the field. The page's own Save button works without this.
const PAUSE = 1200;
const AGAIN = 5000;

const form = document.querySelector("form[data-autosave]");

if (form) {
  const questions = new Map();
  for (const element of form.querySelectorAll(".question[data-code]")) enroll(element);
  form.addEventListener("input", (event) => later(event.target));
  form.addEventListener("change", (event) => soon(event.target));
  form.addEventListener("click", pressed);
  form.addEventListener("rows", (event) => soon(event.target));
  window.addEventListener("beforeunload", (event) => {
    if ([...questions.values()].some((question) => question.dirty || question.busy)) event.preventDefault();
  });
  form.addEventListener("submit", () => questions.forEach((question) => { question.dirty = false; question.busy = false; clearTimeout(question.timer); }));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) questions.forEach((question) => question.dirty && save(question)); });
  counters(form);

  function enroll(element) {
    const code = element.dataset.code;
    questions.set(code, { code, element, dirty: false, busy: false, waits: false, timer: 0 });
  }

  function questionOf(target) {
    const element = target.closest?.(".question[data-code]");
    const hasField = element?.querySelector(`[name="${element.dataset.code}-version"]`);
    return hasField ? questions.get(element.dataset.code) : undefined;
  }

  function later(target) {
    const question = questionOf(target);
    if (!question || !target.matches("textarea, input[type=text]")) return;
    question.dirty = true;
    clearTimeout(question.timer);
    question.timer = setTimeout(() => save(question), PAUSE);
  }

  function soon(target) {
    const question = questionOf(target);
    if (!question) return;
    noneOrSome(question.element, target);
    question.dirty = true;
    clearTimeout(question.timer);
    openAndClose();
    save(question);
  }

  function pressed(event) {
    const button = event.target.closest("button");
    const question = button && questionOf(button);
    if (!question) return;
    if (button.matches("[data-clear]")) {
      question.element.querySelectorAll("input:checked").forEach((box) => { box.checked = false; });
    } else if (button.matches("[data-use-mine]")) {
      versionField(question).value = question.element.querySelector(`[name="${question.code}-theirs"]`).value;
    } else if (button.matches("[data-keep-theirs]")) {
      event.preventDefault();
      show(question);
      return;
    } else {
      return;
    }
    event.preventDefault();
    soon(button);
  }

  async function save(question) {
    if (question.busy || !question.dirty || undecided(question)) return;
    clearTimeout(question.timer);
    question.busy = true;
    question.dirty = false;
    question.waits = false;
    tell(question, form.dataset.saving);
    try {
      await send(question);
    } catch {
      question.dirty = question.waits = true;
      tell(question, form.dataset.offline, true);
    }
    question.busy = false;
    if (question.dirty) question.timer = setTimeout(() => save(question), question.waits ? AGAIN : 0);
  }

  async function send(question, second = false) {
    const response = await fetch(address(question), {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      body: JSON.stringify({ base: Number(versionField(question).value), ...value(question) }),
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return stored(question, answer);
    if (response.status === 409 && answer.html) return replace(question, answer.html, "[data-keep-theirs]");
    if (answer.sentences) return tell(question, answer.sentences.join(" "), true);
    if ((response.status === 400 || response.status === 404) && !second && await freshToken()) return send(question, true);
    if (response.status === 404 || response.status === 400) return signedOut(question);
    if (response.status >= 500) throw new Error("the portal could not save");
    return tell(question, form.dataset.failed, true);
  }

  // A new sign-in brings a new token; it stands on a freshly loaded page.
  async function freshToken() {
    const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!page.ok || page.redirected) return false;
    const found = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form[data-autosave] [name=csrf_token]");
    if (!found) return false;
    form.elements.csrf_token.value = found.value;
    return true;
  }

  function signedOut(question) {
    question.dirty = question.waits = true;
    const line = tell(question, form.dataset.signedOut, true);
    const link = document.createElement("a");
    link.href = `${form.dataset.signIn}?next=${encodeURIComponent(`${location.pathname}#${question.code}`)}`;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = form.dataset.signInWords;
    line.append(" ", link);
  }

  function stored(question, answer) {
    versionField(question).value = answer.version;
    question.element.dataset.version = answer.version;
    question.element.querySelector(".clash")?.remove();
    tell(question, answer.saved);
    const place = question.element.querySelector(".question-problems");
    place.replaceChildren(...answer.problems.map((words) => Object.assign(document.createElement("p"), { textContent: words })));
    question.element.classList.toggle("question-wrong", answer.problems.length > 0);
    question.element.querySelectorAll(`[name="${question.code}"]`).forEach((field) => {
      field.toggleAttribute("aria-invalid", answer.problems.length > 0);
      if (answer.problems.length) { field.setAttribute("aria-invalid", "true"); field.setAttribute("aria-describedby", place.id); } else field.removeAttribute("aria-describedby");
    });
    const open = new Set(answer.open);
    questions.forEach((other) => { if (!other.element.dataset.of) other.element.hidden = !open.has(other.code); });
    Object.entries(answer.rolled ?? {}).forEach(([code, html]) => {
      const place = document.getElementById(code)?.querySelector("[data-rolled]");
      if (place && place.innerHTML !== html) place.innerHTML = html;
    });
    questions.forEach((other) => {
      const hints = other.element.querySelector("[data-hints]");
      if (hints) hints.innerHTML = answer.hints[other.code] ?? "";
      // a question that sites answer holds the notes of their fields too
      const register = [...other.element.querySelectorAll("[data-register]")].find((note) => note.closest("[data-code]") === other.element);
      if (register) register.innerHTML = answer.register[other.code] ?? "";
    });
    const whole = document.getElementById(question.element.dataset.of) ?? question.element;
    const carried = whole.querySelector("[data-carried]");
    if (whole !== question.element) question.element.querySelector("[data-waits]")?.remove();
    if (carried) carried.innerHTML = answer.carried;
    const words = form.ownerDocument.querySelector("[data-progress-words]");
    if (words) words.textContent = answer.progress.words;
    form.ownerDocument.querySelector("[data-minutes]")?.remove();
  }

  async function show(question) {
    const response = await fetch(address(question), { headers: { Accept: "text/html" } });
    if (response.ok) { question.dirty = false; replace(question, await response.text(), "input, textarea, select"); }
  }

  function replace(question, html, focus) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".question");
    if (!fresh) return;
    question.element.replaceWith(fresh);
    question.element = fresh;
    fresh.querySelector(focus)?.focus();
    openAndClose();
    counters(fresh);
  }

  // What a question depends on may stand on this page: it opens and closes at once, typed answers stay in place.
  function openAndClose() {
    for (const { element } of questions.values()) {
      const parent = questions.get(element.dataset.dependsOn ?? "");
      // What sites answer is put together by the portal: it says what opens once the answer is saved.
      if (!parent || "perSite" in parent.element.dataset) continue;
      const wanted = (element.dataset.anyOf ?? "").split(" ");
      const chosen = [...parent.element.querySelectorAll(`[name="${parent.code}"]:checked`)].map((box) => box.value);
      element.hidden = parent.element.hidden || !chosen.some((key) => wanted.includes(key));
    }
  }

  function noneOrSome(element, target) {
    const none = element.querySelector(`[name="${element.dataset.code}-none"]`);
    if (!none || !target.checked || element.dataset.kind !== "multiple") return;
    if (target === none) element.querySelectorAll(`[name="${element.dataset.code}"]`).forEach((box) => { box.checked = false; });
    else none.checked = false;
  }

  function value({ code, element }) {
    const unit = element.querySelector(`[name="${code}-unit"]`)?.value ?? null;
    const none = element.querySelector(`[name="${code}-none"]`)?.checked;
    const ticked = [...element.querySelectorAll(`[name="${code}"]:checked`)].map((box) => box.value);
    switch (element.dataset.kind) {
      case "yes_no":
      case "single":
        return { value: ticked[0] ?? null, unit };
      case "multiple":
        return { value: ticked.length || none ? ticked : null, unit };
      case "table": {
        const rows = tableRows(code, element);
        return { value: rows.length || none ? rows : null, unit };
      }
      default:
        return { value: element.querySelector(`[name="${code}"]`).value, unit };
    }
  }

  function tableRows(code, element) {
    return [...element.querySelectorAll("tbody tr[data-row]")]
      .map((row) => Object.fromEntries([...row.querySelectorAll("input, select")].map((cell) => [cell.name.slice(`${code}-${row.dataset.row}-`.length), cell.value])))
      .filter((cells) => Object.values(cells).some((cell) => cell.trim()));
  }

  function tell(question, words, trouble = false) {
    const line = question.element.querySelector(".saved");
    line.textContent = words;
    line.classList.toggle("saved-trouble", trouble);
    return line;
  }

  // While a colleague's answer stands beside mine, nothing is sent until one of the two is chosen.
  function undecided(question) {
    const theirs = question.element.querySelector(`[name="${question.code}-theirs"]`);
    return theirs !== null && theirs.value !== versionField(question).value;
  }

  function versionField(question) { return question.element.querySelector(`[name="${question.code}-version"]`); }
  function address(question) { return form.dataset.autosave.replace("CODE", question.code); }
}

function counters(root) {
  for (const area of root.querySelectorAll("textarea[data-most]")) {
    const line = area.parentElement.querySelector(".counter");
    const count = () => { line.textContent = line.dataset.words.replace("{length}", area.value.length).replace("{most}", area.dataset.most); };
    area.addEventListener("input", count);
    count();
  }
}
