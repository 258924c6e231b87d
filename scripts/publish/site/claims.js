// The table of claims

const claims = unpacked(data.claims);
const byId = new Map(claims.map((claim) => [claim.claim_id, claim]));
const COLUMNS = [
  ["claim_id", "Claim"], ["wording", "Words"], ["metric", "What is counted"], ["population", "Whose"], ["source", "Said first by"],
  ["said_on", "Said on"], ["modality", "Meant"], ["extent", "Extent"], ["publisher", "Page"], ["published_on", "Published"],
];
const table = { sort: "said_on", down: true, found: claims };
const haystacks = new Map(claims.map((claim) => [
  claim, [claim.claim_id, claim.wording, claim.metric, claim.population, claim.source, claim.publisher, claim.title, claim.note].join(" ").toLowerCase(),
]));

/** What shows rows a page of some length at a time in the table of a name; `draw` makes the cells of one. */
function paged(name, length, draw) {
  const [body, told, before, after] = ["rows", "page", "before", "after"].map((part) => at(name ? `${name}-${part}` : part));
  let rows = [];
  let page = 0;
  const turn = (step) => {
    page += step;
    const pages = Math.max(1, Math.ceil(rows.length / length));
    body.replaceChildren(...rows.slice(page * length, (page + 1) * length).map((row) => make("tr", {}, ...draw(row))));
    told.textContent = `Page ${page + 1} of ${number(pages)}`;
    before.disabled = page === 0;
    after.disabled = page === pages - 1;
  };
  before.addEventListener("click", () => turn(-1));
  after.addEventListener("click", () => turn(1));
  return (found) => {
    rows = found;
    page = 0;
    turn(0);
  };
}

function cell(claim, name) {
  if (name === "claim_id") return inner("claim", claim.claim_id);
  if (name === "source") return inner("source", claim.source_id, claim.source);
  if (name === "said_on" || name === "published_on") return day(claim[name], claim[`${name}_precision`]);
  if (name === "publisher") return link(claim.url, claim.publisher ?? "page");
  return claim[name] ?? "";
}

const turnTo = paged("", 25, (claim) =>
  COLUMNS.map(([name, label]) => make("td", { "data-name": name, "data-label": label, ...(name.endsWith("_on") ? { class: "day" } : {}) }, cell(claim, name))));

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
  turnTo(table.found);
  at("found").textContent = `${number(table.found.length)} of ${number(claims.length)} claims`;
  at("csv").disabled = !table.found.length;
  for (const head of at("columns").children) {
    const sorted = head.dataset.name === table.sort;
    head.setAttribute("aria-sort", sorted ? (table.down ? "descending" : "ascending") : "none");
    head.firstChild.lastChild.textContent = sorted ? (table.down ? " ▾" : " ▴") : "";
  }
}

function findAndKeep() {
  find();
  const sort = table.sort === "said_on" && table.down ? "" : `${table.sort}${table.down ? ".down" : ""}`;
  keep({ search: at("search").value, counted: at("category").value, sort });
}

function findAsAddressed() {
  const chosen = address();
  if (chosen.has("search")) at("search").value = chosen.get("search");
  if (chosen.has("counted")) at("category").value = chosen.get("counted");
  const [name, down] = (chosen.get("sort") ?? "").split(".");
  if (COLUMNS.some(([known]) => known === name)) Object.assign(table, { sort: name, down: down === "down" });
  find();
}

/** The claims found as a table of the form that views/claims_wide.csv has. */
function csv() {
  const columns = Object.keys(data.claims.columns);
  const quoted = (text) => (/[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = table.found.map((claim) => columns.map((name) => quoted(String(claim[name] ?? ""))));
  return [columns, ...lines].map((line) => `${line.join(",")}\n`).join("");
}

at("csv").addEventListener("click", () => {
  const file = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
  make("a", { href: file, download: "claims_wide-found.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(file), 60_000);
});
at("columns").replaceChildren(...COLUMNS.map(([name, text]) => {
  const button = make("button", { type: "button" }, text, make("span", { "aria-hidden": "true" }));
  button.addEventListener("click", () => {
    table.down = table.sort === name ? !table.down : false;
    table.sort = name;
    findAndKeep();
  });
  return make("th", { scope: "col", "data-name": name }, button);
}));
at("category").append(...[...new Set(claims.map((claim) => claim.metric))].sort().map((text) => make("option", { value: text }, text)));
at("search").addEventListener("input", findAndKeep);
at("category").addEventListener("change", findAndKeep);
addEventListener("hashchange", findAsAddressed);
findAsAddressed();
