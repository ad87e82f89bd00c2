export { InvalidInputError } from './errors.js';
