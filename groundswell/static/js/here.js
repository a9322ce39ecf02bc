// "Use my location": asks the browser, rounds to hundredths of a degree (about a kilometre) before
// anything leaves the device, and opens the same page as the search. Without JavaScript the link
// stays hidden.
"use strict";

for (const link of document.querySelectorAll("a.here")) {
  if (!("geolocation" in navigator)) continue;
  link.hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      (position) => {
        const address = new URL(link.href);
        address.searchParams.set("lat", position.coords.latitude.toFixed(2));
        address.searchParams.set("lon", position.coords.longitude.toFixed(2));
        address.hash = "near";
        location.assign(address);
      },
      () => {
        link.removeAttribute("aria-busy");
        document.getElementById("place").focus();
      },
      { maximumAge: 600000, timeout: 10000 },
    );
  });
}
