// Draws the charts of the dashboard from the options in the page. Colours follow the admin's theme;
// the tables behind the charts work without this file.

const BAR_HEIGHT = 34;
const LIGHT = ["#005b5e", "#c0392b", "#946200", "#767676"];
const DARK = ["#7fd8da", "#ff9d94", "#f2c14e", "#d0d0d0"];

const say = (figure) => (figure == null ? "—" : figure.toLocaleString("zh-CN"));
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

function brightness(colour) {
  const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
  return 0.3 * red + 0.6 * green + 0.1 * blue;
}

function dressed(option, place) {
  const ink = getComputedStyle(place).color;
  const isDark = brightness(ink) > 128;
  const names = Math.round(place.clientWidth * 0.4);
  const rule = { lineStyle: { color: ink, opacity: 0.15 } };
  const axis = (given) => ({
    ...given,
    axisLabel: { ...given.axisLabel, color: ink, ...(given.inverse && { width: names }) },
    splitLine: given.type === "value" ? rule : undefined,
    axisLine: { lineStyle: { color: ink, opacity: 0.4 } },
  });
  const series = option.series.map((one) =>
    one.label
      ? { ...one, label: { ...one.label, color: ink, formatter: ({ value }) => say(value) } }
      : one,
  );
  return {
    ...option,
    series,
    animation: !calm,
    color: isDark ? DARK : LIGHT,
    textStyle: { color: ink, fontFamily: getComputedStyle(place).fontFamily },
    tooltip: { ...option.tooltip, valueFormatter: say },
    legend: option.legend && { ...option.legend, textStyle: { color: ink } },
    xAxis: axis(option.xAxis),
    yAxis: axis(option.yAxis),
  };
}

function draw(place) {
  const option = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  if (place.dataset.bars) place.style.height = `${place.dataset.bars * BAR_HEIGHT + 16}px`;
  const label = place.getAttribute("aria-label");
  const chart = window.echarts.init(place, null, { locale: "ZH" });
  const show = () => {
    chart.setOption(dressed(option, place), true);
    place.setAttribute("aria-label", label);
  };
  show();
  new ResizeObserver(() => {
    chart.resize();
    show();
  }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
}

if (window.echarts) document.querySelectorAll("[data-chart]").forEach(draw);
