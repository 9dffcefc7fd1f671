import { disturbEveryRequest } from './every-request.ts';

await disturbEveryRequest('one group at a time', ['--parallelism', '1'], (places) => places);
