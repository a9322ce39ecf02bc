// Draws an area on the server's map with mouse, finger or keys. The corners stand as text in the
// field below, which is what is sent; without JavaScript they are typed there.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 24; // units that an arrow key moves the cross

function make(name, attributes) {
  const found = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
  return found;
}

const round = (degrees) => Math.round(degrees * 100) / 100;
const wrapped = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;
const same = (one, other) => one && other && one[0] === other[0] && one[1] === other[1];

class Drawing {
  constructor(part) {
    this.part = part;
    this.words = part.dataset;
    this.field = part.querySelector("textarea");
    this.frame = part.querySelector("[data-board]");
    this.svg = this.frame.querySelector("svg");
    this.told = part.querySelector("[data-told]");
    this.area = this.svg.querySelector(".area");
    this.corners = this.typed();
    this.isClosed = this.corners.length > 2;
    this.cross = null;
    this.pulled = -1;
    this.asked = 0;
    this.board = {
      lat: Number(part.dataset.lat), lon: Number(part.dataset.lon), span: Number(part.dataset.span),
    };
    this.begin();
  }

  begin() {
    for (const tools of this.part.querySelectorAll("[data-tools]")) tools.hidden = false;
    this.told.hidden = false;
    this.part.classList.add("live");
    this.part.querySelector("[data-text]").open = this.field.getAttribute("aria-invalid") === "true";
    this.frame.tabIndex = 0;
    this.frame.setAttribute("role", "application");
    this.frame.setAttribute("aria-label", this.frame.dataset.label);
    this.svg.addEventListener("click", (press) => this.press(press));
    this.svg.addEventListener("pointerdown", (press) => this.grip(press));
    this.svg.addEventListener("pointermove", (move) => this.pull(move));
    this.svg.addEventListener("pointerup", () => this.letGo());
    this.svg.addEventListener("pointercancel", () => this.letGo());
    this.frame.addEventListener("keydown", (press) => this.key(press));
    this.frame.addEventListener("blur", () => { this.cross = null; this.draw(); });
    for (const button of this.part.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => this.do(button.dataset.do));
    }
    const place = this.part.querySelector("[data-place]");
    place.addEventListener("keydown", (press) => {
      if (press.key !== "Enter" || press.isComposing) return;
      press.preventDefault(); // it would send the whole form
      this.do("go");
    });
    place.addEventListener("change", (change) => change.stopPropagation());
    this.field.form.addEventListener("segment:counted", (found) => this.hear(found.detail));
    this.look({});
  }

  // The corners that the text holds, one on each line; none while it is something else.
  typed() {
    const lines = this.field.value.split(/[\n;]/).filter((line) => line.trim());
    const pairs = lines.map((line) => line.split(",").map(Number));
    return pairs.every((pair) => pair.length === 2 && pair.every(Number.isFinite)) ? pairs : [];
  }

  // The server read the text its own way (a pasted GeoJSON): show what it understood.
  hear(found) {
    const told = found[this.field.name];
    if (!told || document.activeElement === this.frame) return;
    const corners = told.split(";").map((pair) => pair.split(",").map(Number));
    const isNew = corners.length !== this.corners.length || corners.some((one, at) => !same(one, this.corners[at]));
    if (!isNew) return;
    this.corners = corners;
    this.isClosed = true;
    this.field.value = corners.map((pair) => pair.map((one) => one.toFixed(2)).join(", ")).join("\n");
    this.lookAround();
  }

  lookAround() {
    const lats = this.corners.map(([lat]) => lat);
    const lons = this.unwound().map(([, lon]) => lon);
    const high = Math.max(...lats) - Math.min(...lats);
    const wide = Math.max(...lons) - Math.min(...lons);
    this.look({
      lat: (Math.max(...lats) + Math.min(...lats)) / 2,
      lon: wrapped((Math.max(...lons) + Math.min(...lons)) / 2),
      span: Math.max(high, wide * 0.7, 0.4) * 1.5,
    });
  }

  // Longitudes that go on past 180, so that no side jumps round the earth.
  unwound() {
    let before = null;
    return this.corners.map(([lat, lon]) => {
      before = before === null ? lon : lon - 360 * Math.round((lon - before) / 360);
      return [lat, before];
    });
  }

  // --- the window

  async look(change, place = "") {
    const mine = ++this.asked;
    const { lat, lon, span } = { ...this.board, ...change };
    const wide = this.frame.clientWidth || 360;
    const address = new URL(this.words.area, location.href);
    const high = Math.max(300, Math.min(wide * 0.66, 460));
    const asked = { lat: lat.toFixed(4), lon: lon.toFixed(4), span: span.toFixed(3), width: Math.round(wide), height: Math.round(high) };
    for (const [key, value] of Object.entries(asked)) address.searchParams.set(key, value);
    if (place) address.searchParams.set("place", place);
    let found = null;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) found = await answer.json();
    } catch { /* said below */ }
    if (mine !== this.asked) return;
    if (!found || found.wrong) { this.say(found ? found.wrong : this.words.lost); return; }
    this.show(found);
  }

  show(found) {
    this.board = found;
    this.svg.setAttribute("viewBox", `0 0 ${found.width} ${found.height}`);
    this.svg.querySelector(".land").setAttribute("d", found.land);
    this.svg.querySelector(".borders").setAttribute("d", found.borders);
    const towns = this.svg.querySelector(".towns");
    towns.replaceChildren();
    for (const town of found.towns) {
      const text = make("text", {
        x: town.x, y: town.y, dy: ".35em", dx: town.is_before ? -6 : 6,
        "text-anchor": town.is_before ? "end" : "start",
      });
      text.textContent = town.name;
      towns.append(make("circle", { cx: town.x, cy: town.y, r: 2.5 }), text);
    }
    this.draw();
    this.tellState();
  }

  place([lat, lon]) {
    const { board } = this;
    return [board.width / 2 + (lon - board.lon) * board.across, board.height / 2 - (lat - board.lat) * board.along];
  }

  degrees(press) {
    const { board } = this;
    const box = this.svg.getBoundingClientRect();
    const x = (press.clientX - box.left) * board.width / box.width;
    const y = (press.clientY - box.top) * board.height / box.height;
    return this.atUnits(x, y);
  }

  atUnits(x, y) {
    const { board } = this;
    const lat = board.lat - (y - board.height / 2) / board.along;
    const lon = board.lon + (x - board.width / 2) / board.across;
    return [round(Math.max(-89, Math.min(89, lat))), round(wrapped(lon))];
  }

  draw() {
    if (!this.board.across) return;
    const flat = this.unwound();
    const turn = flat.length ? 360 * Math.round((flat[0][1] - this.board.lon) / 360) : 0;
    const spots = flat.map(([lat, lon]) => this.place([lat, lon - turn]));
    this.area.setAttribute("points", spots.map((spot) => spot.map((one) => one.toFixed(1)).join(",")).join(" "));
    this.area.classList.toggle("open", !this.isClosed);
    const group = this.svg.querySelector(".corners");
    group.replaceChildren();
    spots.forEach(([cx, cy], at) => {
      const isFirst = at === 0 && !this.isClosed;
      group.append(
        make("circle", { class: isFirst ? "corner first" : "corner", cx, cy, r: isFirst ? 9 : 6 }),
        make("circle", { class: "hit", cx, cy, r: 15, "data-at": at }),
      );
    });
    if (this.cross) {
      const [x, y] = this.place(this.cross);
      group.append(make("path", { class: "cross", d: `M${x - 12} ${y}h24M${x} ${y - 12}v24` }));
    }
  }

  // --- corners

  press(press) {
    if (this.wasPulled) { this.wasPulled = false; return; }
    const at = press.target.dataset.at;
    if (at === "0" && !this.isClosed && this.corners.length > 2) { this.close(); return; }
    if (at === undefined) this.add(this.degrees(press));
  }

  add(corner) {
    if (this.isClosed) { this.tellState(); return; }
    if (this.corners.length >= Number(this.words.most)) { this.say(this.words.full); return; }
    if (same(corner, this.corners.at(-1))) return;
    this.corners.push(corner);
    this.changed(false);
  }

  close() {
    if (this.corners.length < 3) { this.say(this.words.few); return; }
    this.isClosed = true;
    this.changed(true);
  }

  // Writes the text; the page counts again once the area is whole.
  changed(isWhole) {
    this.field.value = this.corners.map((pair) => pair.map((one) => one.toFixed(2)).join(", ")).join("\n");
    this.draw();
    this.tellState();
    if (isWhole) this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  grip(press) {
    if (press.target.dataset.at === undefined) return;
    this.pulled = Number(press.target.dataset.at);
    this.wasPulled = false;
    this.from = [press.clientX, press.clientY];
    this.svg.setPointerCapture(press.pointerId);
    press.preventDefault();
  }

  pull(move) {
    if (this.pulled < 0) return;
    const far = Math.hypot(move.clientX - this.from[0], move.clientY - this.from[1]);
    if (far < 4 && !this.wasPulled) return;
    this.wasPulled = true;
    this.corners[this.pulled] = this.degrees(move);
    this.draw();
  }

  letGo() {
    const at = this.pulled;
    if (at < 0) return;
    this.pulled = -1;
    if (this.wasPulled) this.changed(this.isClosed);
    // The press itself goes to the map, which holds the pointer: so a corner is answered here.
    else if (at === 0 && !this.isClosed && this.corners.length > 2) this.close();
    this.wasPulled = true;
    setTimeout(() => { this.wasPulled = false; }, 50);
  }

  // --- buttons and keys

  do(what) {
    const { board } = this;
    const wide = board.width / board.across / 2;
    const moves = {
      nearer: { span: board.span / 2, ...this.middle() }, farther: { span: board.span * 2 },
      north: { lat: board.lat + board.span / 2 }, south: { lat: board.lat - board.span / 2 },
      west: { lon: wrapped(board.lon - wide) }, east: { lon: wrapped(board.lon + wide) },
    };
    if (moves[what]) this.look(moves[what]);
    else if (what === "undo") this.undo();
    else if (what === "close") this.close();
    else if (what === "anew") { this.corners = []; this.isClosed = false; this.changed(false); this.frame.focus(); }
    else if (what === "go") {
      const { value } = this.part.querySelector("[data-place]");
      if (value.trim()) this.look({}, value.trim());
    }
  }

  middle() {
    return this.cross ? { lat: this.cross[0], lon: this.cross[1] } : {};
  }

  undo() {
    this.isClosed = false;
    this.corners.pop();
    this.changed(false);
  }

  key(press) {
    if (press.ctrlKey || press.metaKey || press.altKey || press.target !== this.frame || !this.board.across) return;
    const step = press.shiftKey ? STEP / 6 : STEP;
    const arrows = { ArrowUp: [0, -step], ArrowDown: [0, step], ArrowLeft: [-step, 0], ArrowRight: [step, 0] };
    const keys = {
      " ": () => this.add([round(this.at()[0]), round(wrapped(this.at()[1]))]), Enter: () => this.close(), Backspace: () => this.undo(),
      Delete: () => this.undo(), "+": () => this.do("nearer"), "=": () => this.do("nearer"), "-": () => this.do("farther"),
    };
    if (arrows[press.key]) this.moveCross(...arrows[press.key]);
    else if (keys[press.key]) keys[press.key]();
    else return;
    press.preventDefault();
  }

  at() {
    this.cross ??= this.atUnits(this.board.width / 2, this.board.height / 2);
    return this.cross;
  }

  moveCross(across, along) {
    const [x, y] = this.place(this.at());
    const { width, height } = this.board;
    const next = [x + across, y + along];
    const lat = this.board.lat - (next[1] - height / 2) / this.board.along;
    const lon = this.board.lon + (next[0] - width / 2) / this.board.across;
    this.cross = [Math.max(-85, Math.min(85, lat)), lon];
    if (next[0] < 0 || next[1] < 0 || next[0] > width || next[1] > height) {
      this.cross[1] = wrapped(lon);
      this.look(this.middle());
    }
    this.draw();
  }

  // --- words

  say(words) { this.told.textContent = words; }

  tellState() {
    const number = this.corners.length;
    const last = this.corners.at(-1);
    if (this.isClosed) this.say(this.words.closed.replace("{number}", number));
    else if (!number) this.say(this.words.begin);
    else {
      const here = this.words.here.replace("{number}", number).replace("{lat}", last[0].toFixed(2)).replace("{lon}", last[1].toFixed(2));
      this.say(number < 3 ? `${here} ${this.words.few}` : `${here} ${this.words.open.replace("{number}", number)}`);
    }
  }
}

for (const part of document.querySelectorAll("[data-area]")) new Drawing(part);
