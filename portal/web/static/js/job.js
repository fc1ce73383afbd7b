// Follows a job and goes to its result; without scripts the page loads itself again.
const job = document.getElementById("job");
const bar = document.getElementById("job-bar");
const percent = document.getElementById("job-percent");
const step = document.getElementById("job-step");
const alone = document.getElementById("job-alone");
let wait = 400;

function show(found) {
  if (found.percent === null) {
    bar.removeAttribute("value");
    percent.textContent = "";
  } else {
    bar.max = 100;
    bar.value = found.percent;
    percent.textContent = `${found.percent} %`;
  }
  if (step.textContent !== found.step) step.textContent = found.step;
  alone.hidden = !found.alone;
}

async function look() {
  try {
    const answer = await fetch(job.dataset.state, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      location.assign(job.dataset.here);
      return;
    }
    const found = await answer.json();
    if (found.go) {
      location.replace(found.go);
      return;
    }
    if (!found.open) {
      location.replace(job.dataset.here);
      return;
    }
    show(found);
  } catch {
    wait = 3000;
  }
  wait = Math.min(wait * 1.2, 2000);
  setTimeout(look, wait);
}

setTimeout(look, wait);
