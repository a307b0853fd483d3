export { freePorts } from '../../src/stack/free-port.ts';
