import { writeFileWhole } from '../files.js';
import type { ReportData } from '../report/report_data.js';
import { reportHtml } from '../report/report_html.js';

/** Writes a report as one HTML file. */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  await writeFileWhole(path, reportHtml(data));
}
