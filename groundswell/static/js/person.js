// Public forms: tells the server that a script runs here, and when it asks for a second's work, lets
// a worker do it and sends the form by itself. Without JavaScript a link in a mail does the same.
"use strict";

// Trusted Types: the one address that a worker may be started from is the one in our own page.
const trusted = self.trustedTypes
  ? trustedTypes.createPolicy("groundswell-work", {
      createScriptURL: (address) => {
        const whole = new URL(address, location.href);
        if (whole.origin !== location.origin) throw new TypeError("not ours");
        return whole.href;
      },
    })
  : { createScriptURL: (address) => address };

function work(form, field) {
  const email = form.elements.email;
  const button = form.querySelector("button:not([type=button])");
  const worker = new Worker(trusted.createScriptURL(field.dataset.worker));
  const begin = () => {
    field.value = "";
    worker.postMessage({
      stamp: form.elements.stamp.value,
      email: email ? email.value : "",
      bits: Number(field.dataset.bits),
    });
  };
  let isSent = false;
  worker.addEventListener("message", ({ data }) => {
    if (isSent) return;
    if (email && data.email !== email.value) return begin();
    field.value = String(data.number);
    form.elements.script.value = "again"; // asked once, never in a circle
    isSent = true;
    worker.terminate();
    form.requestSubmit(button);
  });
  worker.addEventListener("error", () => { form.elements.script.value = "no"; });
  button.setAttribute("aria-busy", "true");
  begin();
}

for (const field of document.querySelectorAll("input[name=work]")) {
  field.form.elements.script.value = "yes";
  if ("asks" in field.dataset) work(field.form, field);
}
