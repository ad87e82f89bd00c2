import protobuf from 'protobufjs';

/** The part of TensorFlow's event.proto and summary.proto that scalars need, with its field numbers. */
const schema = protobuf.Root.fromJSON({
  nested: {
    tensorflow: {
      nested: {
        SummaryValue: {
          oneofs: { value: { oneof: ['simpleValue'] } },
          fields: { tag: { type: 'string', id: 1 }, simpleValue: { type: 'float', id: 2 } },
        },
        Summary: { fields: { value: { rule: 'repeated', type: 'SummaryValue', id: 1 } } },
        SessionLog: { fields: { status: { type: 'int32', id: 1 } } },
        Event: {
          oneofs: { what: { oneof: ['fileVersion', 'summary', 'sessionLog'] } },
          fields: {
            wallTime: { type: 'double', id: 1 },
            step: { type: 'int64', id: 2 },
            fileVersion: { type: 'string', id: 3 },
            summary: { type: 'Summary', id: 5 },
            sessionLog: { type: 'SessionLog', id: 7 },
          },
        },
      },
    },
  },
});

/** tensorflow.Event: wallTime in seconds since 1970. */
export const Event: protobuf.Type = schema.lookupType('tensorflow.Event');

/** SessionLog.SessionStatus.START: events of earlier files from this step on count no more. */
export const SESSION_START = 1;
