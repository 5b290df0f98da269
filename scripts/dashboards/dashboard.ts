import {
  type Dashboard,
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as FigureBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as GraphBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { differenceRow } from './difference-row.ts'
import { NAMESPACE, type Panel, type Row } from './panel.ts'
import { proxyRow } from './proxy-row.ts'
import { serviceRow } from './service-row.ts'

const PROMETHEUS = { type: 'prometheus', uid: '$datasource' }
const COLUMNS = 24

/** The rows of the dashboard, in order. */
export const rows: readonly Row[] = [differenceRow, serviceRow, proxyRow]

/** The queries behind the variables of the dashboard. */
export const variableQueries = {
  namespace: 'label_values(http_server_request_duration_seconds_count, namespace)',
  workload: `label_values(http_server_request_duration_seconds_count{${NAMESPACE}}, deployment)`,
  service: `label_values(outbound_http_route_request_statuses_total{${NAMESPACE}}, parent_name)`,
  route: `label_values(outbound_http_route_request_statuses_total{${NAMESPACE},parent_name=~"$service"}, route_name)`,
}

/** The dashboard as Grafana imports it. */
export function buildDashboard(): Dashboard {
  const builder = new DashboardBuilder('linkerd-scenario')
    .uid('linkerd-scenario')
    .description('What the services say, what the proxies say of the same calls, and where the two differ')
    .tags(['linkerd', 'linkerd-scenario'])
    .refresh('10s')
    .time({ from: 'now-15m', to: 'now' })
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .withVariable(variable('namespace', false))
    .withVariable(variable('workload', true))
    .withVariable(variable('service', true))
    .withVariable(variable('route', true))
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title))
    for (const panel of row.panels) builder.withPanel(panelOf(panel, row))
  }
  return builder.build()
}

function variable(name: keyof typeof variableQueries, hasAll: boolean): QueryVariableBuilder {
  const builder = new QueryVariableBuilder(name)
    .datasource(PROMETHEUS)
    .query(variableQueries[name])
    .refresh(VariableRefresh.OnTimeRangeChanged)
  // `.*` also matches series without the label, e.g. those of callers outside the mesh.
  return hasAll ? builder.multi(true).includeAll(true).allValue('.*').current(ALL) : builder
}

const ALL = { selected: true, text: 'All', value: '$__all' }

function panelOf({ title, description, unit, queries, isFigure }: Panel, row: Row): FigureBuilder | GraphBuilder {
  const builder = isFigure ? new FigureBuilder().decimals(0) : new GraphBuilder().min(0)
  builder
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(PROMETHEUS)
    .height(isFigure ? 5 : 8)
    .span(widthOf(title, row))
  for (const [index, { expr, legend }] of queries.entries()) {
    const query = new DataqueryBuilder()
      .refId(String.fromCharCode('A'.charCodeAt(0) + index))
      .datasource(PROMETHEUS)
      .expr(expr)
      .legendFormat(legend)
    builder.withTarget(isFigure ? query.instant() : query.range())
  }
  return builder
}

/** Figures share one full line; graphs are arranged two in a line, and the last one fills its line. */
function widthOf(title: string, { panels }: Row): number {
  const figures = panels.filter((panel) => panel.isFigure).map((panel) => panel.title)
  const graphs = panels.filter((panel) => !panel.isFigure).map((panel) => panel.title)
  const figure = Math.ceil(COLUMNS / figures.length)
  if (figures.includes(title)) return title === figures.at(-1) ? COLUMNS - figure * (figures.length - 1) : figure
  const isAlone = title === graphs.at(-1) && graphs.length % 2 === 1
  return isAlone ? COLUMNS : COLUMNS / 2
}
