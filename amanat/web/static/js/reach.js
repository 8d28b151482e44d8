// Told and not told by place and by what was exposed, as bars; the tables below say the same.
const data = document.getElementById("reach-data");
if (data && window.echarts) for (const [name, all] of Object.entries(JSON.parse(data.textContent))) {
  const place = document.getElementById(`${name}-chart`), rows = all.slice(0, 20), isRtl = document.dir === "rtl";
  if (!place || !rows.length) continue;
  place.dir = "ltr";  // the chart places its labels itself; a right-to-left box would push them out
  const chart = echarts.init(place, null, { renderer: "svg" });
  const bar = (name, key, color) => ({ name, type: "bar", stack: "all", data: rows.map((r) => r[key]), itemStyle: { color } });
  chart.setOption({
    animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily }, legend: { top: 0 },
    grid: { left: 12, right: 24, containLabel: true, top: 36, bottom: 28 },
    xAxis: { type: "value", inverse: isRtl, minInterval: 1, splitNumber: place.clientWidth < 420 ? 2 : 5, axisLabel: { hideOverlap: true, formatter: (n) => n.toLocaleString(document.documentElement.lang) } },
    yAxis: { type: "category", data: rows.map((r) => r.name), inverse: true, position: isRtl ? "right" : "left" },
    series: [bar(place.dataset.told, "reached", "#226b3a"), bar(place.dataset.left, "left", "#c98a1b")],
  });
  addEventListener("resize", () => chart.resize());
}
