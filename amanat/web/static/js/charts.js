/* Draws each element with data-chart as stacked bars; its data stands in the JSON script of that id. The table beside it says the same. */
"use strict";
(() => {
  const colours = { sure: "#1d5a8c", review: "#c98a1b", outsider: "#9aa7b4" };
  const drawn = [];
  for (const place of document.querySelectorAll("[data-chart]")) {
    const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const number = new Intl.NumberFormat(data.language === "fa" ? "fa-IR" : data.language);
    const font = getComputedStyle(document.body).fontFamily;
    const text = { fontFamily: font, fontSize: 14, color: "#1c2733" };
    const narrow = place.clientWidth < 420;
    place.style.height = `${data.labels.length * 30 + 90}px`;
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption({
      animation: false,
      textStyle: text,
      aria: { enabled: false, decal: { show: true } },
      grid: { left: data.is_rtl ? 28 : 8, right: data.is_rtl ? 8 : 28, top: narrow ? 60 : 44, bottom: 8, containLabel: true },
      legend: { top: 0, data: data.series.map((one) => one.name)[data.is_rtl ? "reverse" : "slice"](), left: data.is_rtl ? "right" : "left", align: data.is_rtl ? "right" : "left", textStyle: text },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", confine: true, textStyle: text, valueFormatter: (n) => number.format(n) },
      xAxis: { type: "value", inverse: data.is_rtl, minInterval: 1, splitNumber: narrow ? 2 : 4, axisLabel: { ...text, color: "#4e5d6c", hideOverlap: true, formatter: (n) => number.format(n) } },
      yAxis: {
        type: "category", inverse: true, data: data.labels, position: data.is_rtl ? "right" : "left", axisTick: { show: false },
        axisLabel: { ...text, width: Math.round(place.clientWidth * 0.45), overflow: "truncate" },
      },
      series: data.series.map((one) => ({ type: "bar", stack: "all", name: one.name, data: one.values, itemStyle: { color: colours[one.state] }, barMaxWidth: 18 })),
    });
    drawn.push(chart);
  }
  for (const place of document.querySelectorAll("[data-sankey]")) {
    const data = JSON.parse(document.getElementById(place.dataset.sankey).textContent);
    const number = new Intl.NumberFormat(data.language === "fa" ? "fa-IR" : data.language, { maximumFractionDigits: 0 });
    const says = Object.fromEntries(data.nodes.map((node) => [node.name, node.says]));
    const column = (name) => ["file", "kind", "state"].indexOf(name.split(":")[0]);
    const tint = (name) => colours[name.split(":")[1]] || ["#6f8196", "#1d5a8c", ""][column(name)];
    const narrow = place.clientWidth < 560;
    const most = Math.max(...[0, 1].map((c) => data.nodes.filter((node) => column(node.name) === c).length));
    place.style.height = `${Math.max(260, most * 34 + 40)}px`;
    const chart = echarts.init(place, null, { renderer: "svg" });
    // Of a path the end says most, of words the beginning.
    const short = (text, n, isPath) => (text.length <= n ? text : isPath ? `…${text.slice(1 - n)}` : `${text.slice(0, n - 1)}…`);
    // The chart knows no right-to-left: the links are turned round, and with them the side on which labels stand.
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { renderMode: "richText", confine: true, formatter: (p) => (p.dataType === "edge" ? `${says[p.data.from]} → ${says[p.data.to]}: ${number.format(p.data.value)}` : `${says[p.name]}: ${number.format(p.value)}`) },
      series: [{
        type: "sankey", left: 8, right: 8, top: 12, bottom: 12, nodeWidth: narrow ? 8 : 14, nodeGap: 10, draggable: false, emphasis: { focus: "adjacency" },
        lineStyle: { color: "gradient", opacity: 0.3 },
        data: data.nodes.map((node) => ({
          name: node.name, depth: data.is_rtl ? 2 - column(node.name) : column(node.name), itemStyle: { color: tint(node.name) },
          label: { position: column(node.name) === 2 ? (data.is_rtl ? "right" : "left") : (data.is_rtl ? "left" : "right"), color: "#1c2733", fontSize: narrow ? 11 : 13, textBorderColor: "#fff", textBorderWidth: 3, formatter: () => short(node.says, narrow ? 16 : 34, column(node.name) === 0) },
        })),
        links: data.links.map((link) => (data.is_rtl ? { source: link.target, target: link.source } : { source: link.source, target: link.target })).map((ends, i) => ({ ...ends, from: data.links[i].source, to: data.links[i].target, value: data.links[i].value })),
      }],
    });
    drawn.push(chart);
  }
  addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
})();
