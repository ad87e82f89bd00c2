import { extractorWarning } from '../../pipeline/extractor_warning.js';
import { quantile } from '../../quantile.js';
import type { DiagnosticStatus } from '../diagnostics/diagnostic_message.js';
import type { ProcessUse } from '../diagnostics/process_use.js';
import type { ExpressionCondition } from './expression_condition.js';
import { RECENT_SECONDS, type RecentImages, STAGES } from './image_statistics.js';
import { settingsOf } from './worker_start.js';

/** A failure after which the node went on is warned of for so long. */
const FAILURE_SECONDS = 60;
/** Dropping a larger share of the images is warned of: the machine is too slow for them. */
const MOST_DROPPED = 0.2;
/** Quantiles of the times of images, by their names. */
const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99 };

/** What expression_node's diagnostics tell of its parts: its state, model, images, times and process. */
export function expressionStatuses(
  condition: ExpressionCondition,
  recent: RecentImages,
  use: ProcessUse,
): DiagnosticStatus[] {
  return [
    stateStatus(condition),
    modelStatus(condition),
    imagesStatus(condition, recent),
    timesStatus(condition, recent),
    processStatus(condition, use),
  ];
}

function stateStatus({ state, failures, worker, idle }: ExpressionCondition): DiagnosticStatus {
  const { halt, last, count, secondsSince, isOver } = failures;
  const values = {
    state,
    failures: count,
    'last failure': last?.message ?? 'none',
    'time since the last failure (s)': last === undefined ? 'none' : Math.round(secondsSince),
    'replaced workers': worker?.restarts ?? 0,
  };
  const told = (level: DiagnosticStatus['level'], message: string) => ({ part: 'state', level, message, values });
  if (halt !== undefined) return told('ERROR', `The node is ${state}: ${halt}`);
  if (worker !== undefined && !worker.isRunning) return told('WARN', last?.message ?? 'Another worker is started.');
  if (last !== undefined && !isOver && secondsSince < FAILURE_SECONDS) return told('WARN', last.message);
  return told('OK', idle ?? 'The node is active.');
}

function modelStatus({ state, worker, parameters }: ExpressionCondition): DiagnosticStatus {
  const { model, landmark_extractor: extractor, threads } = parameters;
  const { mcdoRepeats } = settingsOf(parameters);
  const part = 'model';
  const values = {
    model,
    device: worker?.facts.device ?? parameters.device,
    threads,
    classes: worker?.facts.classes.join(', ') ?? 'none',
    'landmark extractor': extractor,
    'Monte Carlo dropout repeats': mcdoRepeats,
  };
  if (worker === undefined) return { part, level: 'OK', message: `No model is loaded: the node is ${state}.`, values };
  const warning = extractorWarning(model, worker.facts.landmarkExtractors, extractor);
  if (warning !== undefined) return { part, level: 'WARN', message: warning, values };
  const message = `${model} on ${worker.facts.device}, landmarks of ${extractor}`;
  return { part, level: 'OK', message, values };
}

function imagesStatus(condition: ExpressionCondition, recent: RecentImages): DiagnosticStatus {
  const { topic, idle, silence, counts, stampCounts, lastRefusal, faces, worker } = condition;
  const perSecond = (count: number) => (recent.seconds > 0 ? count / recent.seconds : 0);
  const ratesKnown = recent.seconds > 0;
  const published = recent.received + recent.lost;
  const droppedShare = published > 0 ? (recent.dropped + recent.lost) / published : 0;
  const values = {
    topic,
    'rate in (Hz)': perSecond(recent.received),
    'rate out (Hz)': perSecond(recent.processed),
    received: counts.received,
    processed: counts.processed,
    'dropped for newer ones': counts.dropped,
    'lost before they arrived': counts.lost,
    'dropped lately (%)': 100 * droppedShare,
    'skipped by max_rate_hz': counts.skipped,
    refused: counts.refused,
    'last refusal': lastRefusal ?? 'none',
    late: stampCounts.late,
    'of a repeated stamp': stampCounts.repeated,
    'without a stamp': stampCounts.unstamped,
    'times that stamps went back': stampCounts.jumpsBack,
    'times that stamps jumped forward': stampCounts.jumpsForward,
    faces,
  };
  const told = (level: DiagnosticStatus['level'], message: string) => ({ part: 'images', level, message, values });
  const rates = `${perSecond(recent.received).toFixed(1)} images a second in, ${perSecond(recent.processed).toFixed(1)} processed`;
  if (idle !== undefined) return told('OK', idle);
  if (silence !== undefined) return told('ERROR', silence);
  if (worker !== undefined && !worker.isRunning)
    return told('WARN', 'Images are dropped until another worker is ready.');
  if (recent.refused > 0) {
    return told(
      'WARN',
      `${recent.refused} images were refused in the last ${Math.round(recent.seconds)} s: ${lastRefusal}`,
    );
  }
  if (droppedShare > MOST_DROPPED) {
    return told('WARN', `${rates}: the machine is too slow for ${Math.round(100 * droppedShare)} % of them`);
  }
  return told('OK', ratesKnown ? rates : `Images come from ${topic}.`);
}

function timesStatus({ idle, statistics }: ExpressionCondition, { processed }: RecentImages): DiagnosticStatus {
  const part = 'times';
  const values: Record<string, number> = {};
  for (const stage of STAGES) {
    const times = statistics.times(stage);
    if (times.length === 0) continue;
    for (const [name, share] of Object.entries(QUANTILES)) values[`${stage} ${name} (ms)`] = quantile(times, share);
  }
  const total = statistics.times('total');
  if (total.length === 0 || processed === 0) {
    const message = `No image was processed in the last ${RECENT_SECONDS} s.`;
    return { part, level: idle === undefined ? 'STALE' : 'OK', message, values };
  }
  const [half, nearlyAll] = [quantile(total, 0.5), quantile(total, 0.99)].map((time) => time.toFixed(1));
  const message = `From an image's stamp to the answer ${half} ms (median), 99 % within ${nearlyAll} ms`;
  return { part, level: 'OK', message, values };
}

function processStatus({ worker }: ExpressionCondition, use: ProcessUse): DiagnosticStatus {
  const megabytes = (bytes: number) => bytes / 1e6;
  const values = {
    'resident memory (MB)': megabytes(use.residentBytes),
    "main thread's heap (MB)": megabytes(use.heapBytes),
    "worker's heap (MB)": megabytes(worker?.heapBytes ?? 0),
    'processor (% of a core)': use.processorPercent,
    'process id': process.pid,
  };
  const message = `${Math.round(megabytes(use.residentBytes))} MB of memory, ${Math.round(use.processorPercent)} % of a core`;
  return { part: 'process', level: 'OK', message, values };
}
