// Sums the counts over the chosen days and channel into the tables, and draws a chart of each. tables.py makes the
// same rows: a test compares the two.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("figures").textContent);
  const form = document.getElementById("filter");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);
  const charts = new Map();

  // What is chosen: the first and last number of a day, and the number of a channel or -1.
  const chosen = () => {
    const place = (iso, otherwise) => {
      const found = data.days.findIndex(([day]) => day === iso);
      return found < 0 ? otherwise : found;
    };
    return {
      first: place(field("from").value, 0),
      last: place(field("to").value, data.days.length - 1),
      channel: data.channels.indexOf(field("channel").value),
    };
  };

  const sum = (measure, pick, keyOf = (_day, key) => key) => {
    const found = new Map();
    for (const [day, channel, key, count] of data.counts[measure]) {
      if (day < pick.first || day > pick.last || (pick.channel >= 0 && channel !== pick.channel)) continue;
      const name = keyOf(day, key);
      found.set(name, (found.get(name) ?? 0) + count);
    }
    return found;
  };
  const total = (counts) => [...counts.values()].reduce((all, count) => all + count, 0);
  const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
  const ranked = (counts) => [...counts].sort((one, other) => other[1] - one[1] || compare(one[0], other[0]));

  const number = (count) => count.toLocaleString("en-GB");
  const share = (part, whole) => {
    if (!whole) return "–";
    const tenths = Math.floor((2000 * part + whole) / (2 * whole));
    return `${Math.floor(tenths / 10)}.${tenths % 10} %`;
  };
  const duration = (ms) => {
    if (ms === null) return "–";
    if (ms < 1000) return `${Math.floor(ms + 0.5)} ms`;
    const [unit, long] = ms >= 120000 ? ["min", 60000] : ["s", 1000];
    const tenths = Math.floor((ms * 10) / long + 0.5);
    return tenths % 10 ? `${Math.floor(tenths / 10)}.${tenths % 10} ${unit}` : `${tenths / 10} ${unit}`;
  };
  const percentile = (counts, part) => {
    const wanted = Math.ceil(part * total(counts));
    let seen = 0;
    for (const bucket of [...counts.keys()].sort((one, other) => one - other)) {
      seen += counts.get(bucket);
      if (seen >= wanted) return data.step ** bucket;
    }
    return null;
  };

  const shares = (counts, names, whole) =>
    ranked(counts).map(([key, count]) => [names[key] ?? key, number(count), share(count, whole)]);

  const listed = (counts, names, order) =>
    (total(counts) ? order : []).map((key) => {
      const count = counts.get(key) ?? 0;
      return [names[key], number(count), share(count, total(counts))];
    });

  const rows = {
    days(pick) {
      const byDay = (day) => day;
      const [turns, begun] = [sum("hours", pick, byDay), sum("conversations", pick, byDay)];
      const found = [];
      for (let day = pick.first; day <= pick.last; day += 1) {
        found.push([data.days[day][1], number(turns.get(day) ?? 0), number(begun.get(day) ?? 0)]);
      }
      return found;
    },
    hours(pick) {
      const counts = sum("hours", pick);
      return Array.from({ length: 24 }, (_, hour) => [
        `${String(hour).padStart(2, "0")}:00`,
        number(counts.get(hour) ?? 0),
      ]);
    },
    statuses: (pick) => shares(sum("statuses", pick), data.names.statuses, total(sum("hours", pick))),
    topics: (pick) => shares(sum("topics", pick), data.names.topics, total(sum("hours", pick))),
    programmes: (pick) => shares(sum("programmes", pick), data.names.programmes, total(sum("hours", pick))),
    handovers: (pick) =>
      shares(sum("handover_topics", pick), data.names.topics, sum("statuses", pick).get("handover") ?? 0),
    persons: (pick) => listed(sum("handoffs", pick), data.names.persons, data.outcomes),
    helped: (pick) => listed(sum("helped", pick), data.names.helped, data.ratings),
    rated(pick) {
      const counts = sum("rated_topics", pick);
      const topics = new Set([...counts.keys()].map((key) => key.slice(0, key.lastIndexOf(" "))));
      return [...topics]
        .map((name) => [name, counts.get(`${name} down`) ?? 0, counts.get(`${name} up`) ?? 0])
        .sort((one, other) => other[1] - one[1] || other[2] - one[2] || compare(one[0], other[0]))
        .map(([name, down, up]) => [data.names.topics[name] ?? name, number(down), number(up)]);
    },
    funnel(pick) {
      const counts = sum("funnel", pick);
      const began = total(counts);
      let left = began;
      return data.steps.flatMap((step) => {
        const here = counts.get(step) ?? 0;
        const row = [
          data.names.steps[step],
          number(left),
          number(step === "sent" ? 0 : here),
          share(left, began),
        ];
        left -= here;
        return began ? [row] : [];
      });
    },
    times(pick) {
      const counts = sum("times", pick);
      const all = total(counts);
      let below = 0;
      return [...data.bounds, Infinity].flatMap((bound) => {
        let found = 0;
        for (const [bucket, count] of counts) {
          const ms = data.step ** bucket;
          if (ms > below && ms <= bound) found += count;
        }
        const said = bound === Infinity ? `More than ${duration(below)}` : `Up to ${duration(bound)}`;
        below = bound;
        return all ? [[said, number(found), share(found, all)]] : [];
      });
    },
  };

  const headline = (pick) => {
    const [turns, statuses, ratings] = [total(sum("hours", pick)), sum("statuses", pick), sum("ratings", pick)];
    const times = sum("times", pick);
    return {
      turns: number(turns),
      conversations: number(total(sum("conversations", pick))),
      answered: share(statuses.get("answered") ?? 0, turns),
      unanswered: share(total(sum("unanswered", pick)), turns),
      handed: number(total(sum("handovers", pick))),
      joined: number(sum("handoffs", pick).get("joined") ?? 0),
      waited: duration(percentile(sum("waits", pick), 0.5)),
      interests: number(total(sum("interests", pick))),
      up: number(ratings.get("up") ?? 0),
      down: number(ratings.get("down") ?? 0),
      p50: duration(percentile(times, 0.5)),
      p95: duration(percentile(times, 0.95)),
    };
  };

  const fill = (table, found) => {
    const cell = (kind, text, attributes = {}) =>
      Object.assign(document.createElement(kind), { textContent: text, ...attributes });
    const empty = () => {
      const line = document.createElement("tr");
      line.append(cell("td", table.dataset.empty, { colSpan: table.tHead.rows[0].cells.length }));
      return line;
    };
    const lines = found.map(([first, ...others]) => {
      const line = document.createElement("tr");
      line.append(cell("th", first, { scope: "row" }), ...others.map((text) => cell("td", text)));
      return line;
    });
    table.tBodies[0].replaceChildren(...(lines.length ? lines : [empty()]));
  };

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const value = (text) => Number(text.replaceAll(",", ""));

  const draw = (canvas, found) => {
    const { chart: name, kind } = canvas.dataset;
    const sideways = kind !== "columns" && kind !== "lines";
    const shown = name === "funnel" || !sideways ? found : found.slice(0, data.most);
    const box = canvas.parentElement;
    box.hidden = !shown.length;
    if (!shown.length) return;
    if (sideways) box.style.height = `${shown.length * 30 + 56}px`;
    const heads = [...document.querySelector(`[data-table="${name}"]`).tHead.rows[0].cells];
    const series = kind === "pairs" || kind === "lines" ? [1, 2] : [1];
    const clipped = (text) => (text.length > 28 ? `${text.slice(0, 27)}…` : text);
    const short = { days: (text) => text.split(" ").slice(1, 3).join(" "), programmes: (text) => text.split(":")[0] };
    const lines = kind === "lines";
    const axis = { ticks: { color: colour("--ink"), precision: 0 }, grid: { color: colour("--grid") } };
    const names = { ticks: { color: colour("--ink"), autoSkip: !sideways }, grid: { display: false } };
    Object.assign(names.ticks, { maxRotation: 0, maxTicksLimit: lines ? 10 : undefined });
    const settings = {
      type: lines ? "line" : "bar",
      data: {
        labels: shown.map(([label]) => (short[name] ?? clipped)(label)),
        datasets: series.map((column, place) => ({
          label: heads[column].textContent,
          data: shown.map((row) => value(row[column])),
          backgroundColor: colour(place ? "--second" : "--bar"),
          borderColor: colour(place ? "--second" : "--bar"),
          ...(lines ? { pointRadius: shown.length > 40 ? 0 : 3, borderDash: place ? [6, 3] : [] } : {}),
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        indexAxis: sideways ? "y" : "x",
        scales: sideways ? { x: { ...axis, beginAtZero: true }, y: names } : { x: names, y: { ...axis, beginAtZero: true } },
        plugins: { legend: { display: series.length > 1, labels: { color: colour("--ink"), usePointStyle: lines, pointStyle: "line" } } },
      },
    };
    const known = charts.get(name);
    if (!known) {
      charts.set(name, new Chart(canvas, settings));
      return;
    }
    Object.assign(known, { data: settings.data });
    known.options = settings.options;
    known.resize();
    known.update("none");
  };

  const show = () => {
    const pick = chosen();
    if (pick.first > pick.last) {
      document.getElementById("chosen").textContent = "The first day is after the last. Choose an earlier first day.";
      return;
    }
    for (const table of document.querySelectorAll("table[data-table]")) {
      const found = rows[table.dataset.table](pick);
      fill(table, found);
      draw(document.querySelector(`[data-chart="${table.dataset.table}"]`), found);
    }
    const told = headline(pick);
    for (const item of document.querySelectorAll("[data-headline]")) item.textContent = told[item.dataset.headline];
    const asked = sum("questions", pick);
    for (const item of document.querySelectorAll("[data-question]")) {
      const count = asked.get(Number(item.dataset.question)) ?? 0;
      item.hidden = !count;
      item.querySelector("[data-count]").textContent = `${number(count)} ${count === 1 ? "time" : "times"}`;
    }
    const channel = pick.channel < 0 ? "all channels" : field("channel").selectedOptions[0].textContent;
    document.getElementById("chosen").textContent =
      `Showing ${data.days[pick.first][1]} to ${data.days[pick.last][1]}, ${channel}: ${told.turns} turns.`;
  };

  const copy = async (button) => {
    const lines = button.closest("details").querySelector("pre");
    getSelection().selectAllChildren(lines);
    try {
      await navigator.clipboard.writeText(lines.textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Selected: now copy them";
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show));
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  const closed = [];
  addEventListener("beforeprint", () => {
    document.documentElement.classList.add("printed");
    for (const item of document.querySelectorAll("details:not([open])")) {
      item.open = true;
      closed.push(item);
    }
    show();
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printed");
    for (const item of closed.splice(0)) item.open = false;
    show();
  });
  form.hidden = false;
  show();
})();
