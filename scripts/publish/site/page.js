const data = JSON.parse(document.getElementById("data").textContent);
const claims = data.claims.rows.map((row) => Object.fromEntries(data.claims.columns.map((name, i) => [name, row[i]])));
const byId = new Map(claims.map((claim) => [claim.claim_id, claim]));
const at = (id) => document.getElementById(id);
const dark = matchMedia("(prefers-color-scheme: dark)");

/** An element with text or elements in it; text is only ever text. */
function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content.filter((part) => part !== null && part !== ""));
  return element;
}

/** A link where the address is one of the web, else its text. */
function link(address, text) {
  return /^https?:\/\//i.test(address) ? make("a", { href: address, rel: "noopener noreferrer" }, text) : text;
}

function day(text, precision) {
  return text ? text.slice(0, { year: 4, month: 7 }[precision] ?? 10) : "";
}

function number(value) {
  return value === null ? "" : value.toLocaleString("en");
}

// Charts

function embed(id, spec, label) {
  const text = JSON.stringify(spec);
  const ready = JSON.parse(dark.matches ? text.replace(/"(#[0-9a-f]{6}|white|black)"/g, (all, ink) => (ink in data.dark ? `"${data.dark[ink]}"` : all)) : text);
  if (dark.matches) {
    ready.config.axis = { ...ready.config.axis, labelColor: "#e8edf4", titleColor: "#e8edf4", domainColor: "#7c8a9b", tickColor: "#7c8a9b" };
    ready.config.header = { labelColor: "#e8edf4" };
  }
  ready.description = label;
  const options = { mode: "vega-lite", ast: true, actions: false, defaultStyle: false, renderer: "canvas", tooltip: tip };
  return vegaEmbed(at(id), ready, options).then((result) => {
    const canvas = at(id).querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    result.view.addEventListener("click", (event, item) => {
      if (item?.datum?.claim_id) location.hash = `claim=${encodeURIComponent(item.datum.claim_id)}`;
    });
    at(id).dataset.drawn = "true";
    performance.mark(`${id} drawn`);
  });
}

const TOLD = { wording: "“…”", source: "said by", publisher: "printed by", published_on: "on", claim_id: "claim" };

function tip(handler, event, item, value) {
  const box = at("tip");
  if (!value) {
    box.hidden = true;
    return;
  }
  box.textContent = Object.entries(value)
    .map(([name, text]) => (name === "wording" ? `“${text}”` : `${TOLD[name] ?? name} ${text}`))
    .join("\n");
  box.hidden = false;
  box.style.left = `${Math.min(event.clientX + 12, innerWidth - box.offsetWidth - 8)}px`;
  box.style.top = `${Math.min(event.clientY + 12, innerHeight - box.offsetHeight - 8)}px`;
}

addEventListener("keydown", (event) => { if (event.key === "Escape") at("tip").hidden = true; });

const size = () => (at("charts").clientWidth < 700 ? "phone" : "print");

function options(select, pairs) {
  select.replaceChildren(...pairs.map(([value, text]) => make("option", { value }, text)));
}

const current = () => data.timelines.find((one) => one.metric === at("metric").value && one.whose === at("whose").value);

function chooseMetric() {
  const whose = data.timelines.filter((one) => one.metric === at("metric").value).map((one) => one.whose);
  options(at("whose"), whose.map((text) => [text, text]));
  chooseWhose();
}

function chooseWhose() {
  const sources = [...new Set(current().rows.map((row) => row.source))];
  const boxes = sources.map((source) => {
    const box = make("input", { type: "checkbox", value: source, checked: "" });
    box.addEventListener("change", drawTimeline);
    return make("label", {}, box, source);
  });
  const choose = (text, checked) => {
    const button = make("button", { type: "button" }, text);
    button.addEventListener("click", () => {
      for (const box of at("sources").querySelectorAll("input")) box.checked = checked;
      drawTimeline();
    });
    return button;
  };
  at("sources").querySelector("fieldset").replaceChildren(
    make("legend", {}, "Show"), make("p", {}, choose("All", true), " ", choose("None", false)), ...boxes);
}

function drawTimeline() {
  const shown = new Set([...document.querySelectorAll("#sources input:checked")].map((box) => box.value));
  const rows = current().rows.filter((row) => shown.has(row.source));
  if (!rows.length) return at("timeline").replaceChildren("No source is chosen.");
  const spec = structuredClone(data.timeline[size()]);
  const title = `${at("metric").value}: ${at("whose").value}, as each source had it`;
  const days = rows.map((row) => Date.parse(row.day) / 864e5);
  const top = Math.max(1, ...rows.filter((row) => row.kind === "step").map((row) => row.highest));
  spec.data.values = rows;
  spec.facet.row.sort = [...new Set(rows.map((row) => row.source))];
  spec.spec.width = Math.max(240, at("timeline").clientWidth - 120);
  spec.facet.row.header.labelLimit = spec.spec.width + 48;
  const given = { axis_width: spec.spec.width, axis_days: Math.max(...days) - Math.min(...days) };
  for (const param of spec.params) param.value = given[param.name];
  for (const layer of spec.spec.layer) if (layer.encoding.y.scale) layer.encoding.y.scale.domain = [0, top * 1.45];
  const steps = rows.filter((row) => row.label).map((row) => `${row.source} ${row.label} from ${row.day}`);
  at("timeline-title").textContent = title;
  return embed("timeline", spec, `${title}. ${steps.join("; ")}`);
}

function drawPicture(name) {
  const picture = data.pictures[name];
  const spec = structuredClone(picture[size()]);
  const width = at(name).clientWidth - 8;
  if (spec.autosize) spec.width = width;
  else widen(spec, width - 24);
  return embed(name, spec, picture.label);
}

/** Widen a chart; what stands beside its bars keeps its room. */
function widen(chart, width) {
  for (const { encoding } of chart.layer) if (encoding.x?.scale) encoding.x.scale.range[1] += width - chart.width;
  chart.width = width;
}

/** Draw the charts as they stand, each when the one before it is there. */
async function drawCharts() {
  for (const [place, name] of Object.keys(data.pictures).entries()) {
    await drawPicture(name);
    if (place === 0) await drawTimeline();
    await new Promise((ready) => setTimeout(ready));
  }
}

options(at("metric"), [...new Set(data.timelines.map((one) => one.metric))].map((text) => [text, text]));
at("metric").addEventListener("change", () => { chooseMetric(); drawTimeline(); });
at("whose").addEventListener("change", () => { chooseWhose(); drawTimeline(); });
chooseMetric();
drawCharts();
dark.addEventListener("change", drawCharts);

let drawnAt = innerWidth;
let waiting;
addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (innerWidth !== drawnAt) drawCharts();
    drawnAt = innerWidth;
  }, 200);
});

// The table of claims

const COLUMNS = [
  ["claim_id", "Claim"], ["wording", "Words"], ["metric", "What is counted"], ["population", "Whose"], ["source", "Said first by"],
  ["said_on", "Said on"], ["modality", "Meant"], ["extent", "Extent"], ["publisher", "Page"], ["published_on", "Published"],
];
const PAGE = 25;
const table = { sort: "said_on", down: true, page: 0, found: claims };
const haystacks = new Map(claims.map((claim) => [
  claim, [claim.claim_id, claim.wording, claim.metric, claim.population, claim.source, claim.publisher, claim.title, claim.note].join(" ").toLowerCase(),
]));

function cell(claim, name) {
  if (name === "claim_id") return make("a", { href: `#claim=${encodeURIComponent(claim.claim_id)}` }, claim.claim_id);
  if (name === "said_on" || name === "published_on") return day(claim[name], claim[`${name}_precision`]);
  if (name === "publisher") return link(claim.url, claim.publisher ?? "page");
  return claim[name] ?? "";
}

function order(one, other) {
  const [a, b] = [one[table.sort], other[table.sort]];
  if (a === b) return one.claim_id < other.claim_id ? -1 : 1;
  if (a === null) return 1;
  if (b === null) return -1;
  const compared = table.sort === "wording" ? (one.point ?? -1) - (other.point ?? -1) : a < b ? -1 : 1;
  return table.down ? -compared : compared;
}

function find() {
  const words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const metric = at("category").value;
  table.found = claims
    .filter((claim) => (!metric || claim.metric === metric) && words.every((word) => haystacks.get(claim).includes(word)))
    .sort(order);
  table.page = 0;
  show();
}

function show() {
  const pages = Math.max(1, Math.ceil(table.found.length / PAGE));
  const from = table.page * PAGE;
  const rows = table.found.slice(from, from + PAGE).map((claim) =>
    make("tr", {}, ...COLUMNS.map(([name]) => make("td", { "data-name": name, ...(name.endsWith("_on") ? { class: "day" } : {}) }, cell(claim, name)))));
  at("rows").replaceChildren(...rows);
  at("found").textContent = `${table.found.length.toLocaleString("en")} of ${claims.length.toLocaleString("en")} claims`;
  at("page").textContent = `Page ${table.page + 1} of ${pages}`;
  at("before").disabled = table.page === 0;
  at("after").disabled = table.page === pages - 1;
  for (const head of at("columns").children) {
    const sorted = head.dataset.name === table.sort;
    head.setAttribute("aria-sort", sorted ? (table.down ? "descending" : "ascending") : "none");
    head.firstChild.lastChild.textContent = sorted ? (table.down ? " ▾" : " ▴") : "";
  }
}

at("columns").replaceChildren(...COLUMNS.map(([name, text]) => {
  const button = make("button", { type: "button" }, text, make("span", { "aria-hidden": "true" }));
  button.addEventListener("click", () => {
    table.down = table.sort === name ? !table.down : false;
    table.sort = name;
    find();
  });
  return make("th", { scope: "col", "data-name": name }, button);
}));
at("category").append(...[...new Set(claims.map((claim) => claim.metric))].sort().map((text) => make("option", { value: text }, text)));
at("search").addEventListener("input", find);
at("category").addEventListener("change", find);
at("before").addEventListener("click", () => { table.page -= 1; show(); });
at("after").addEventListener("click", () => { table.page += 1; show(); });
find();

// A claim and its way from the source to the page

function term(name, ...content) {
  return content.some((part) => part) ? [make("dt", {}, name), make("dd", {}, ...content)] : [];
}

function chain(claim) {
  const named = (id) => data.sources[id] ?? id;
  const said = `${claim.source}${claim.said_on ? `, ${day(claim.said_on, claim.said_on_precision)}` : ", day not known"}`;
  const steps = [claim.derived_from ? `computed from ${claim.derived_from}` : null, said];
  steps.push(...(claim.relays ? claim.relays.split(" > ").map(named) : []));
  const page = [link(quoted(claim), claim.title ?? claim.url), `, ${claim.publisher ?? "publisher not known"}, ${day(claim.published_on, claim.published_on_precision) || "undated"}`];
  return make("ol", { class: "chain" }, ...steps.filter(Boolean).map((step) => make("li", {}, step)), make("li", {}, ...page));
}

// What became of a claim that is not there; a key in the note, as of the claim that stands instead, is a link
function gone(id) {
  if (!Object.hasOwn(data.withdrawn, id)) return ["There is no such claim in this version."];
  const [version, reason, note] = data.withdrawn[id];
  const words = (note ?? "").split(/([a-z0-9-]+-[0-9]+)/).map((part) => (byId.has(part) ? make("a", { href: `#claim=${encodeURIComponent(part)}` }, part) : part));
  return [`The claim was withdrawn in version ${version} (${reason})`, ...(note ? [": ", ...words] : []), ". Its key is never given to another."];
}

// The address of a page, at the quoted words where they are two or more
function quoted(claim) {
  const words = claim.wording.trim();
  return claim.url && /\s/.test(words) && !claim.url.includes("#") ? `${claim.url}#:~:text=${encodeURIComponent(words).replaceAll("-", "%2D")}` : claim.url;
}

function open() {
  const id = decodeURIComponent((location.hash.match(/^#claim=(.+)$/) ?? [])[1] ?? "");
  const claim = byId.get(id);
  const section = at("claim");
  section.hidden = !id;
  if (!id) return;
  const title = make("h2", { id: "claim-title" }, `Claim ${id}`);
  if (!claim) {
    section.replaceChildren(title, make("p", {}, ...gone(id)));
  } else {
    const others = claims.filter((other) => other.statement_id === claim.statement_id && other !== claim);
    const listed = others.map((other) => make("li", {},
      make("a", { href: `#claim=${encodeURIComponent(other.claim_id)}` }, other.claim_id), ` “${other.wording}” ${other.metric}, ${other.publisher ?? "page"}`));
    section.replaceChildren(
      title,
      make("p", { class: "words" }, `“${claim.wording}” ${claim.metric}`),
      make("dl", {},
        ...term("number", number(claim.value)), ...term("at least", number(claim.low)), ...term("at most", number(claim.high)),
        ...term("hedged", claim.qualifier, claim.hedge ? `, ${claim.hedge}` : null), ...term("unit", claim.unit),
        ...term("whose", claim.population), ...term("where", claim.place),
        ...term("meant", `${claim.modality}, ${claim.extent}`),
        ...term("about", [claim.about_from, claim.about_to].filter(Boolean).join(" to ")),
        ...term("page credits", claim.credited_to ? data.sources[claim.credited_to] ?? claim.credited_to : null),
        ...term("note", claim.note)),
      make("h3", {}, "From the source to the page"), chain(claim),
      others.length ? make("h3", {}, `Other reports of the same statement (${others.length})`) : "",
      others.length ? make("ul", {}, ...listed) : "",
      make("p", {}, make("a", { href: "#claims" }, "Back to the claims")),
    );
  }
  section.focus();
  section.scrollIntoView();
}

addEventListener("hashchange", open);
open();

// The citation

at("copy").addEventListener("click", async () => {
  const text = at("citation").textContent;
  try {
    await navigator.clipboard.writeText(text);
    at("copied").textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(at("citation"));
    at("copied").textContent = "Selected: copy it with the keyboard.";
  }
});
