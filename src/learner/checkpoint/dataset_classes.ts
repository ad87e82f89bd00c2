/** Class names of the reference's datasets, in the order of its labels. */
const DATASET_CLASSES: Readonly<Record<string, readonly string[]>> = {
  CASIA: ['Angry', 'Fear', 'Happy', 'Sad', 'Surprise', 'Disgust'],
  'CK+': ['Angry', 'Fear', 'Happy', 'Sad', 'Surprise', 'Disgust', 'Neutral'],
  AFEW: ['Angry', 'Fear', 'Sad', 'Happy', 'Disgust', 'Surprise', 'Neutral'],
};

/** Frames of a sample of the reference's datasets. */
const DATASET_FRAMES: Readonly<Record<string, number>> = { CASIA: 5, 'CK+': 5, AFEW: 150 };

/** The classes that a dataset's labels stand for; where the dataset or their number is another, the labels themselves. */
export function datasetClasses(datasetName: string, numClass: number): string[] {
  const names = DATASET_CLASSES[datasetName];
  return names?.length === numClass ? [...names] : Array.from({ length: numClass }, (_, label) => String(label));
}

/** The classes of one of the reference's datasets; none of any other. */
export function referenceClasses(datasetName: string): readonly string[] {
  return DATASET_CLASSES[datasetName] ?? [];
}

/** T of a sample of a dataset; undefined for other datasets than the reference's. */
export function datasetFrames(datasetName: string): number | undefined {
  return DATASET_FRAMES[datasetName];
}
