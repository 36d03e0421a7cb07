import type { HistoryPoint, HistoryRange, HistoryView } from '../../fp-jobs/answers.ts';
import { historyRanges } from '../../fp-jobs/history-ranges.ts';
import { label } from './label.ts';
import { lineChart, type Chart } from './line-chart.ts';
import type { Page, Surroundings } from './page.ts';
import { server } from './server.ts';
import { shortDuration, shortNumber } from './texts.ts';

/** Part of a chart's step after which it is read again. */
const INTERVAL = 1 / 6;

/** Jobs per minute, wait and run times, and the backlog, over an hour, a day or a week. */
export class ChartsPage implements Page {
  readonly element = $('<div class="fp-jobs-page fp-jobs-charts" tabindex="-1">');
  readonly #queue: string;
  readonly #ranges = $('<div class="fp-jobs-buttons">');
  readonly #charts = $('<div>');
  #range: HistoryRange = 'hour';
  #readAt = 0;

  constructor({ queue }: Surroundings) {
    this.#queue = queue.id;
    for (const range of Object.keys(historyRanges) as HistoryRange[]) {
      const choice = $('<button type="button" class="red-ui-sidebar-header-button-toggle">');
      choice.attr('data-fp', `range-${range}`).text(label(`charts.${range}`));
      this.#ranges.append(choice.on('click', () => this.#choose(range)));
    }
    this.element.append(this.#ranges, this.#charts);
    this.#mark();
  }

  async refresh(): Promise<void> {
    if (Date.now() - this.#readAt < historyRanges[this.#range].step * INTERVAL) return;
    this.#readAt = Date.now();
    const range = this.#range;
    const history = await server.history(this.#queue, range);
    if (range === this.#range) this.#draw(history);
  }

  focus(): void {
    this.element.trigger('focus');
  }

  #choose(range: HistoryRange): void {
    this.#range = range;
    this.#readAt = 0;
    this.#mark();
    void this.refresh().catch((error: Error) => this.#charts.text(error.message));
  }

  #mark(): void {
    this.#ranges.children().each((_index, choice) => {
      $(choice).toggleClass('selected', $(choice).attr('data-fp') === `range-${this.#range}`);
    });
  }

  #draw({ points, deploys }: HistoryView): void {
    const formatTime = timeFormat(this.#range);
    const common = {
      width: Math.max(200, (this.element.width() ?? 0) - 20),
      times: points.map(({ time }) => time),
      marks: deploys.map((time) => ({ time, title: label('charts.deploy', { time: formatTime(time) }) })),
      formatTime,
      ticks: this.#range === 'week' ? 7 : 3,
    };
    const series = (...names: Exclude<keyof HistoryPoint, 'time'>[]) =>
      names.map((name) => ({
        name,
        label: label(`charts.${name}`),
        values: points.map((point) => point[name]),
      }));
    const counts = { formatValue: shortNumber, least: 10 };
    const times = { formatValue: shortDuration, least: 1000 };
    const charts: Chart[] = [
      { ...common, ...counts, title: label('charts.jobs'), series: series('completed', 'failed') },
      { ...common, ...times, title: label('charts.times'), series: series('wait', 'run') },
      { ...common, ...counts, title: label('charts.backlogTitle'), series: series('backlog') },
    ];
    this.#charts.empty().append(charts.map(lineChart));
  }
}

function timeFormat(range: HistoryRange): (time: number) => string {
  const options: Intl.DateTimeFormatOptions =
    range === 'week' ? { weekday: 'short' } : { hour: '2-digit', minute: '2-digit' };
  const format = new Intl.DateTimeFormat(undefined, options);
  return (time) => format.format(time);
}
