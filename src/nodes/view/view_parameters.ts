import { integerParameter, type ParameterValues } from '../parameters/parameter_spec.js';

/** The parameters of expression_view. */
export const VIEW_PARAMETERS = {
  port: integerParameter(
    0,
    [0, 65535],
    'The port on this machine where a browser finds the page; 0: any that is free.',
    {
      changeable: 'never',
    },
  ),
};

/** Their values. */
export type ViewParameters = ParameterValues<typeof VIEW_PARAMETERS>;
