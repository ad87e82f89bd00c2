import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeStampCounts, ImageTimeline } from '../../../src/nodes/expression/image_timeline.js';

/** A stamp of milliseconds, late in the century, where numbers of nanoseconds would lose some. */
function stampOf(milliseconds: number) {
  return {
    sec: 2_000_000_000 + Math.floor(milliseconds / 1000),
    nanosec: (((milliseconds % 1000) + 1000) % 1000) * 1e6,
  };
}

/** What becomes of images with stamps of milliseconds: seconds since the first, `new` before where all begins anew, or null. */
function placed(stamps: readonly number[]) {
  const warnings: string[] = [];
  const timeline = new ImageTimeline((kind, message) => warnings.push(`${kind}: ${message}`));
  const places = stamps.map((stamp) => {
    const moment = timeline.place(stampOf(stamp), () => assert.fail('the image has a stamp'));
    return moment === undefined ? null : `${moment.beginsAnew ? 'new ' : ''}${moment.seconds.toFixed(3)}`;
  });
  return { places, warnings, timeline };
}

describe('ImageTimeline', () => {
  it('takes images in their order', () => {
    const { places, warnings } = placed([0, 33, 66, 500]);
    assert.deepEqual([places, warnings], [['0.000', '0.033', '0.066', '0.500'], []]);
  });

  it('leaves out and counts images that are late or repeated', () => {
    const { places, warnings, timeline } = placed([0, 40, 40, 20, 80, 80, 60, 120]);
    assert.deepEqual(places, ['0.000', '0.040', null, null, '0.080', null, null, '0.120']);
    const { late, repeated } = timeline.counts;
    assert.deepEqual([late, repeated], [2, 2]);
    assert.match(warnings[1]!, /^late: An image is 0\.02 s older than one before it, and is not processed\.$/);
  });

  it('leaves out every image of a network that delays some by less than half a second, in a row too', () => {
    const { places } = placed([0, 400, 100, 200, 300, 440]);
    assert.deepEqual(places, ['0.000', '0.400', null, null, null, '0.440']);
  });

  it('begins anew where stamps go back and stay there', () => {
    const { places, timeline } = placed([9000, 9040, 0, 40, 80]);
    assert.deepEqual(places, ['0.000', '0.040', null, 'new -8.960', '-8.920']);
    assert.deepEqual([timeline.counts.late, timeline.counts.jumpsBack], [1, 1]);
  });

  it('does not begin anew for another camera that is seconds behind', () => {
    const { places, timeline } = placed([9000, 0, 9040, 40, 9080, 80]);
    assert.deepEqual(places, ['0.000', null, '0.040', null, '0.080', null]);
    assert.deepEqual([timeline.counts.late, timeline.counts.jumpsBack], [3, 0]);
  });

  it('recovers from one stamp of the far future', () => {
    const { places, timeline } = placed([0, 40, 3_600_000, 80, 120, 160]);
    assert.deepEqual(places, ['0.000', '0.040', '3600.000', null, 'new 0.120', '0.160']);
    assert.deepEqual([timeline.counts.jumpsForward, timeline.counts.jumpsBack], [1, 1]);
  });

  it('goes on after a pause, and says that windows begin anew', () => {
    const { places, warnings, timeline } = placed([0, 40, 2040]);
    assert.deepEqual(places, ['0.000', '0.040', '2.040']);
    assert.equal(timeline.counts.jumpsForward, 1);
    assert.match(warnings[0]!, /Images are 2\.00 s apart by their stamps, more than 0\.5 s: windows begin anew/);
  });

  it('takes the time of arrival for images without a stamp', () => {
    const timeline = new ImageTimeline(() => undefined);
    const arrivals = [stampOf(0), stampOf(50)];
    const seconds = arrivals.map((arrival) => timeline.place({ sec: 0, nanosec: 0 }, () => arrival));
    assert.deepEqual(
      seconds.map((moment) => moment?.stamp),
      arrivals,
    );
    assert.ok(Math.abs(seconds[1]!.seconds - 0.05) < 1e-9);
    assert.equal(timeline.counts.unstamped, 2);
  });

  it('takes stamps before 1970 and of too many nanoseconds as they are', () => {
    const timeline = new ImageTimeline(() => undefined);
    const places = [
      { sec: -5, nanosec: 0 },
      { sec: -5, nanosec: 1_500_000_000 },
      { sec: -3, nanosec: 0 },
    ].map((stamp) => timeline.place(stamp, () => assert.fail())?.seconds);
    assert.deepEqual(places, [0, 1.5, 2]);
  });

  it('forgets what was before when it begins, but not the counts', () => {
    const { timeline } = placed([5000, 5000]);
    timeline.begin();
    assert.equal(timeline.place(stampOf(0), () => assert.fail())!.beginsAnew, false);
    assert.match(describeStampCounts(timeline.counts), /^0 late, 1 of a repeated stamp, /);
  });
});
