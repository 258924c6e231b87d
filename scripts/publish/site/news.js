
// Corrections and releases

const changes = data.changes.flatMap(([place, change, resource, field, was, is, reason, note, keys]) =>
  keys.map((key) => ({ place, version: data.releases[place].version, change, resource, key, field, was, is, reason, note })));

function correction(one) {
  return [`${one.field} “${one.was}” → “${one.is}” (${one.reason}`, ...(one.note ? [": ", ...withLinks(one.note)] : []), ")"];
}

/** What differs between a release and the last one: at most one line a row or cell, additions of claims by name, of other rows by number. */
function since(place) {
  const later = changes.filter((one) => one.place > place);
  const rows = Map.groupBy(later, (one) => `${one.resource} ${one.key}`);
  const added = {};
  for (const release of data.releases.slice(place + 1)) {
    for (const [resource, count] of Object.entries(release.added)) added[resource] = (added[resource] ?? 0) + count;
  }
  const net = [...rows.values()].flatMap((lines) => netOf(lines, added));
  const claimed = claims.filter((_, row) => data.since[row] > place).map((claim) => ({ change: "added", resource: "claims", key: claim.claim_id, is: `“${claim.wording}” ${claim.metric}` }));
  return { added, lines: [...net, ...claimed] };
}

/** The lines of one row made one a cell; a row that came later is counted as added, if it is still there. */
function netOf(lines, added) {
  const whole = lines.filter((one) => one.change === "added" || one.change === "withdrawn");
  const gone = whole.at(-1)?.change === "withdrawn";
  if (whole[0]?.change === "added") {
    if (gone) added[lines[0].resource] -= 1;
    return [];
  }
  if (gone) return [whole.at(-1)];
  return [...Map.groupBy(lines, (one) => one.field).values()]
    .map((cells) => ({ ...cells.at(-1), was: cells[0].was }))
    .filter((one) => one.was !== one.is);
}

const WHAT = { added: "added", corrected: "corrected", withdrawn: "withdrawn", header: "columns changed" };

function corrected(one, text) {
  return one.change === "corrected" && !text ? make("em", {}, "blank") : text ?? "";
}

function changeCells(one, first) {
  const row = one.resource === "claims" && byId.has(one.key) ? inner("claim", one.key) : one.key;
  const why = [one.reason ?? "", ...(one.note ? [": ", ...withLinks(one.note)] : [])];
  const cells = { ...first, Table: [one.resource], Row: [row], Column: [one.field === "*" ? "" : one.field ?? ""], Was: [corrected(one, one.was)], Is: [corrected(one, one.is)], Why: why };
  return Object.entries(cells).map(([label, content]) => {
    const parts = content.filter((part) => part !== "");
    return make("td", { "data-label": label }, ...parts.length > 1 ? [make("span", {}, ...parts)] : parts);
  });
}

const turnErrata = paged("errata", 10, (one) => changeCells(one, { Version: [one.version] }));
const turnSince = paged("since", 10, (one) => changeCells(one, { Change: [WHAT[one.change]] }));
const errata = changes.filter((one) => one.change === "corrected").sort((one, other) => other.place - one.place);

function findErrata() {
  const [resource, version] = [at("errata-table").value, at("errata-version").value];
  const found = errata.filter((one) => (!resource || one.resource === resource) && (!version || one.version === version));
  turnErrata(found);
  at("errata-found").textContent = `${number(found.length)} of ${counted(errata.length, "corrected cell")}`;
}

function findSince() {
  const place = data.releases.findIndex((one) => one.version === at("since-version").value);
  if (place < 0) return;
  const { added, lines } = since(place);
  const kind = at("since-change").value;
  const count = (change) => lines.filter((one) => one.change === change).length;
  const came = Object.entries(added).filter(([, rows]) => rows > 0).sort().map(([resource, rows]) => `${number(rows)} ${resource}`);
  const told = [`added: ${came.join(", ") || "nothing"}`, `corrected: ${counted(count("corrected"), "cell")}`, `withdrawn: ${counted(count("withdrawn"), "row")}`];
  if (count("header")) told.push(`columns changed: ${counted(count("header"), "table")}`);
  at("since-found").textContent = `From ${data.releases[place].version} to ${data.releases.at(-1).version}, ${told.join("; ")}.`;
  const shown = kind ? lines.filter((one) => one.change === kind) : lines;
  turnSince(shown);
  for (const part of document.querySelectorAll("#since .scroll, #since .pages")) part.hidden = !shown.length;
}

function newsAsAddressed() {
  const chosen = address();
  for (const [name, id] of [["since", "since-version"], ["release", "errata-version"], ["table", "errata-table"]]) {
    if ([...at(id).options].some((option) => option.value === chosen.get(name))) at(id).value = chosen.get(name);
  }
  findErrata();
  findSince();
  if (!chosen.has("claim") && !chosen.has("source") && (chosen.has("since") || chosen.has("release"))) at(chosen.has("since") ? "since" : "errata").scrollIntoView();
}

for (const [id, names] of [["errata-version", errata.map((one) => one.version)], ["errata-table", errata.map((one) => one.resource)]]) {
  at(id).append(...[...new Set(names)].map((text) => make("option", { value: text }, text)));
}
for (const [id, name, act] of [["since-version", "since", findSince], ["since-change", "", findSince], ["errata-version", "release", findErrata], ["errata-table", "table", findErrata]]) {
  at(id).addEventListener("change", () => {
    if (name) keep({ [name]: at(id).value });
    act();
  });
}
if (data.cut) at("errata-found").after(` of the last ${number(data.changes.length)} changes`);
addEventListener("hashchange", newsAsAddressed);
newsAsAddressed();
