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
      grid: { left: data.is_rtl ? 28 : 8, right: data.is_rtl ? 8 : 28, top: 44, bottom: 8, containLabel: true },
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
  addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
})();
