import { InvalidInputError } from '../errors.js';
import { decodeSensorImage } from '../perception/image/decode_sensor_image.js';
import { encodeJpeg } from '../perception/image/encode_jpeg.js';
import type { SensorImage } from '../perception/image/encoded_image.js';
import type { ViewAnswer, ViewTopic, ViewUpdate } from './protocol.js';

/** What a feed asks of whoever fills it. */
export interface FeedSource {
  /** Called when a page wants images and answers, and when none does any more. */
  setWatched(watched: boolean): void;
  /** How many publish on each topic, and the topics' names. */
  topics(): Record<'image' | 'expressions', Pick<ViewTopic, 'name' | 'publishers'>>;
}

/** An update and, where it has a picture, the picture. */
export interface FeedAnswer {
  readonly update: ViewUpdate;
  readonly jpeg: Buffer | null;
}

/** A page shows no wider pictures, and a browser far away waits for less. */
const PICTURE = { quality: 80, widest: 960 };
/** Images and answers that wait for their counterparts. */
const WAITING = 8;
/** Answers that are kept for a page that asks seldom. */
const KEPT_ANSWERS = 300;
/** After so long without an answer images are shown by themselves. */
const SILENCE_MILLISECONDS = 1500;
/** A page that has not asked for so long is gone. */
const UNWATCHED_MILLISECONDS = 5000;

interface Picture {
  readonly version: number;
  readonly image: SensorImage;
  readonly answer: ViewAnswer | null;
  encoded: Promise<EncodedPicture> | undefined;
}

interface EncodedPicture {
  /** Pixels of the image, not of the JPEG, which may be smaller. */
  readonly width: number;
  readonly height: number;
  readonly jpeg: Buffer;
}

/**
 * Brings images and the answers about them together, by their stamps, for pages that ask for what is new. Only the newest
 * picture is kept, and encoded when a page takes it, once for all pages; nothing is kept while no page is open.
 */
export class ViewFeed {
  readonly #source: FeedSource;
  readonly #images = new Map<string, SensorImage>();
  readonly #unmatched = new Map<string, ViewAnswer>();
  #answers: { readonly version: number; readonly answer: ViewAnswer }[] = [];
  #picture: Picture | undefined;
  #version = 0;
  #lastImage: number | null = null;
  #lastAnswer: number | null = null;
  #watchedSince: number | null = null;
  #unwatch: NodeJS.Timeout | undefined;
  #waiting: (() => void)[] = [];

  constructor(source: FeedSource) {
    this.#source = source;
  }

  /** @param stamp the same text for an image and the answer about it */
  addImage(stamp: string, image: SensorImage): void {
    if (this.#watchedSince === null) return;
    const now = performance.now();
    this.#lastImage = now;
    const answer = this.#unmatched.get(stamp);
    if (answer !== undefined) {
      this.#unmatched.delete(stamp);
      this.#show(image, answer);
    } else {
      add(this.#images, stamp, image);
      if (now - (this.#lastAnswer ?? this.#watchedSince) > SILENCE_MILLISECONDS) this.#show(image, null);
    }
  }

  /** @param stamp of the image that it is about, as `addImage` has it */
  addAnswer(stamp: string, answer: ViewAnswer): void {
    if (this.#watchedSince === null) return;
    this.#lastAnswer = performance.now();
    this.#version++;
    this.#answers.push({ version: this.#version, answer });
    if (this.#answers.length > KEPT_ANSWERS) this.#answers.shift();
    const image = this.#images.get(stamp);
    if (image === undefined) {
      add(this.#unmatched, stamp, answer);
      this.#wake();
      return;
    }
    // Older images would come after this one.
    for (const key of this.#images.keys()) {
      this.#images.delete(key);
      if (key === stamp) break;
    }
    this.#show(image, answer);
  }

  /**
   * What is new since a version.
   *
   * @param after of the update before; 0 for a page that has none
   * @param waitMilliseconds how long to wait for something new; without it the update tells of the topics alone
   */
  async next(after: number, waitMilliseconds: number): Promise<FeedAnswer> {
    this.#watch();
    // A page of a process before this one.
    const since = after > this.#version ? 0 : after;
    if (this.#version === since) await this.#change(waitMilliseconds);
    const picture = this.#picture !== undefined && this.#picture.version > since ? this.#picture : undefined;
    const answers = this.#answers.filter(({ version }) => version > since).map(({ answer }) => answer);
    const version = this.#version;
    let encoded: EncodedPicture | null = null;
    let pictureTrouble: string | null = null;
    try {
      encoded = picture === undefined ? null : await this.#encoded(picture);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      pictureTrouble = error.message;
    }
    const { image, expressions } = this.#source.topics();
    const update: ViewUpdate = {
      version,
      answers,
      picture:
        picture === undefined || encoded === null
          ? null
          : { width: encoded.width, height: encoded.height, answer: picture.answer },
      pictureTrouble,
      imageTopic: { ...image, silentSeconds: secondsSince(this.#lastImage) },
      expressionsTopic: { ...expressions, silentSeconds: secondsSince(this.#lastAnswer) },
    };
    return { update, jpeg: encoded?.jpeg ?? null };
  }

  /** Ends the waiting of all pages, and tells the source that nobody watches. */
  close(): void {
    this.#stopWatching();
    this.#wake();
  }

  #show(image: SensorImage, answer: ViewAnswer | null): void {
    this.#picture = { version: ++this.#version, image, answer, encoded: undefined };
    this.#wake();
  }

  /** Encoded when the first page wants it, for all pages. @throws InvalidInputError where it cannot be decoded */
  #encoded(picture: Picture): Promise<EncodedPicture> {
    picture.encoded ??= encodePicture(picture.image, this.#source.topics().image.name);
    return picture.encoded;
  }

  #change(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #watch(): void {
    clearTimeout(this.#unwatch);
    this.#unwatch = setTimeout(() => this.#stopWatching(), UNWATCHED_MILLISECONDS).unref();
    if (this.#watchedSince !== null) return;
    this.#watchedSince = performance.now();
    this.#source.setWatched(true);
  }

  #stopWatching(): void {
    clearTimeout(this.#unwatch);
    if (this.#watchedSince === null) return;
    this.#watchedSince = null;
    this.#lastImage = null;
    this.#lastAnswer = null;
    this.#images.clear();
    this.#unmatched.clear();
    this.#answers = [];
    this.#picture = undefined;
    this.#source.setWatched(false);
  }
}

/** Adds to what waits, the oldest of which goes where there are too many. */
function add<Value>(waiting: Map<string, Value>, key: string, value: Value): void {
  waiting.set(key, value);
  if (waiting.size > WAITING) waiting.delete(waiting.keys().next().value!);
}

async function encodePicture(image: SensorImage, topic: string): Promise<EncodedPicture> {
  const decoded = await decodeSensorImage(image, `the image on ${topic}`);
  return { width: decoded.width, height: decoded.height, jpeg: await encodeJpeg(decoded, PICTURE) };
}

function secondsSince(time: number | null): number | null {
  return time === null ? null : (performance.now() - time) / 1000;
}
