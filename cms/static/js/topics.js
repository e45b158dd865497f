// Draws the board's chart from the figures of its table. Without the library the table stands alone.

const place = document.querySelector("[data-concern-chart]");
const source = document.getElementById("concern-chart-data");

function draw(data) {
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  const style = getComputedStyle(document.body);
  const ink = style.color;
  const rule = "rgba(128, 128, 128, 0.3)";
  const bar = (name, values, color) => ({
    name,
    type: "bar",
    data: values,
    barGap: "15%",
    itemStyle: { color },
    label: { show: true, position: "right", color: ink },
  });
  chart.setOption({
    animation: false,
    aria: { enabled: true, decal: { show: true }, label: { description: data.title } },
    color: ["#9a1b22", "#b9b2a7"],
    grid: { left: 8, right: 48, top: 32, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, textStyle: { color: ink } },
    textStyle: { fontFamily: style.fontFamily },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
    xAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: { color: ink },
      splitLine: { lineStyle: { color: rule } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: data.names,
      axisLabel: { color: ink },
      axisLine: { lineStyle: { color: rule } },
      axisTick: { show: false },
    },
    series: [
      bar(data.labels.people, data.people, "#9a1b22"),
      bar(data.labels.before, data.before, "#b9b2a7"),
    ],
  });
  new ResizeObserver(() => chart.resize()).observe(place);
}

if (place && source && window.echarts) {
  draw(JSON.parse(source.textContent));
}
