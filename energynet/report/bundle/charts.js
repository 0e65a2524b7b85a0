// The parts of ECharts that the pages draw with: one bundle, the global name `echarts`.
export * from "echarts/core";
import { use } from "echarts/core";
import {
  BarChart, BoxplotChart, CustomChart, EffectScatterChart, HeatmapChart, LineChart, LinesChart, MapChart, SankeyChart, ScatterChart,
} from "echarts/charts";
import {
  AriaComponent, AxisPointerComponent, DataZoomComponent, GeoComponent, GraphicComponent, GridComponent, LegendComponent,
  MarkAreaComponent, MarkLineComponent, MarkPointComponent, TimelineComponent, TitleComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { LabelLayout, UniversalTransition } from "echarts/features";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

use([
  BarChart, BoxplotChart, CustomChart, EffectScatterChart, HeatmapChart, LineChart, LinesChart, MapChart, SankeyChart, ScatterChart,
  AriaComponent, AxisPointerComponent, DataZoomComponent, GeoComponent, GraphicComponent, GridComponent, LegendComponent,
  MarkAreaComponent, MarkLineComponent, MarkPointComponent, TimelineComponent, TitleComponent, TooltipComponent, VisualMapComponent,
  LabelLayout, UniversalTransition, CanvasRenderer, SVGRenderer,
]);
