// Draws the cloud of words and the network of topics from the figures of their tables. What is
// clicked opens the words behind it. Without the library the tables stand alone.

const place = document.querySelector("[data-drawing]");
const source = document.getElementById("concern-drawn");
const LIGHT = ["#7a1c22", "#2e4a62", "#5c5346", "#8a5a00"];
const DARK = ["#f0a8a4", "#9cc3e6", "#d8cfc0", "#e8c26a"];

const style = getComputedStyle(place ?? document.body);
const ink = style.color;
const [red, green, blue] = ink.match(/[\d.]+/g).map(Number);
const colours = 0.3 * red + 0.6 * green + 0.1 * blue > 128 ? DARK : LIGHT;

function between(value, values, least, most) {
  const [low, high] = [Math.min(...values), Math.max(...values)].map(Math.sqrt);
  const share = high > low ? (Math.sqrt(value) - low) / (high - low) : 0.5;
  return least + share * (most - least);
}

function cloud({ words }) {
  const narrow = place.clientWidth < 600;
  return {
    tooltip: { formatter: ({ name, value }) => `${name}：${value} 人` },
    series: [
      {
        type: "wordCloud",
        shape: "square",
        keepAspect: false,
        width: "100%",
        height: "100%",
        gridSize: narrow ? 6 : 10,
        sizeRange: narrow ? [13, 40] : [14, 60],
        rotationRange: [0, 0],
        shrinkToFit: true,
        layoutAnimation: false,
        textStyle: { fontFamily: style.fontFamily, fontWeight: "bold" },
        emphasis: { textStyle: { color: ink } },
        data: words.map((word, rank) => ({
          ...word,
          textStyle: { color: colours[rank % colours.length] },
        })),
      },
    ],
  };
}

function network({ nodes, ties }) {
  const people = nodes.map((node) => node.value);
  const shared = ties.map((tie) => tie.value);
  const narrow = place.clientWidth < 600;
  return {
    tooltip: {
      formatter: ({ dataType, name, value, data }) =>
        dataType === "edge" ? `一起说到：${data.value} 人` : `${name}：${value} 人`,
    },
    series: [
      {
        type: "graph",
        layout: "force",
        roam: !narrow,
        draggable: true,
        // The layout may push topics over the edge.
        zoom: narrow ? 0.5 : 0.7,
        force: {
          // From a circle, so that the same figures always give the same drawing.
          initLayout: "circular",
          repulsion: narrow ? 220 : 520,
          edgeLength: narrow ? [60, 130] : [110, 230],
          layoutAnimation: false,
        },
        label: { show: true, position: "right", color: ink, fontSize: 13, fontFamily: style.fontFamily },
        labelLayout: { hideOverlap: true },
        emphasis: { focus: "adjacency", lineStyle: { opacity: 0.9 } },
        data: nodes.map((node) => ({
          ...node,
          symbol: node.issue ? "rect" : "circle",
          symbolSize: between(node.value, people, 12, narrow ? 34 : 54),
          itemStyle: { color: node.issue ? colours[0] : colours[1] },
        })),
        edges: ties.map((tie) => ({
          ...tie,
          lineStyle: { width: between(tie.value, shared, 1, 7), color: ink, opacity: 0.3 },
        })),
      },
    ],
  };
}

function draw(data) {
  const label = place.getAttribute("aria-label");
  const chart = window.echarts.init(place, null, { locale: "ZH" });
  const option = { cloud, network }[data.kind];
  const show = () => {
    chart.setOption({ animation: false, ...option(data) }, true);
    place.setAttribute("aria-label", label);
  };
  show();
  chart.on("click", ({ data: clicked }) => {
    if (clicked?.url) window.location.assign(clicked.url);
  });
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    chart.resize();
    show();
  }).observe(place);
}

if (place && source && window.echarts) draw(JSON.parse(source.textContent));
